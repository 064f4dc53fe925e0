import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { checkBooks, endsOf, firstDeliveries } from './books.ts';
import { missingAfterDeaths, NAMES, play, steps } from './interleavings.ts';

describe('any interleaving of accepting, failing, hanging, restarting, reloading and clock jumps', () => {
  it('settles each accepted event exactly once for each target', () => {
    fc.assert(
      fc.property(steps(false, 40), (script) => {
        const { bench, accepted } = play(script, checkBooks);
        expect(endsOf(bench, accepted).filter(({ times }) => times !== 1)).toEqual([]);
        for (const { queued } of bench.forwarder.status().targets) expect(queued).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it('with kills settles each event at least once, and the first deliveries to a target are in order', () => {
    fc.assert(
      fc.property(steps(true, 40), (script) => {
        const { bench, accepted } = play(script, checkBooks);
        expect(endsOf(bench, accepted).filter(({ times }) => times < 1)).toEqual([]);
        // But for those of events that were set aside or replayed.
        for (const name of NAMES) {
          const ids = firstDeliveries(bench, name);
          expect(ids).toEqual([...ids].sort());
        }
      }),
      { numRuns: 100 },
    );
  });

  it('delivers each stored event or has a dead letter, after whichever write the process dies', () => {
    fc.assert(
      fc.property(steps(true, 40), fc.array(fc.nat(), { minLength: 5, maxLength: 5 }), (script, deaths) => {
        expect(missingAfterDeaths(script, deaths)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
