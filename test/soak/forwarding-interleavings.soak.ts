import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { checkBooks, endsOf, firstDeliveries } from '../forward/books.ts';
import { NAMES, play, steps } from '../forward/interleavings.ts';

it('every accepted event ends exactly once in the books, over thousands of long interleavings', () => {
  fc.assert(
    fc.property(steps(false, 120), (script) => {
      const { bench, accepted } = play(script, checkBooks);
      expect(endsOf(bench, accepted).filter(({ times }) => times !== 1)).toEqual([]);
    }),
    { numRuns: 1_500 },
  );
}, 600_000);

it('no kill loses an event or turns the order round, over thousands of long interleavings', () => {
  fc.assert(
    fc.property(steps(true, 120), (script) => {
      const { bench, accepted } = play(script, checkBooks);
      expect(endsOf(bench, accepted).filter(({ times }) => times < 1)).toEqual([]);
      for (const name of NAMES) {
        const ids = firstDeliveries(bench, name);
        expect(ids).toEqual([...ids].sort());
      }
    }),
    { numRuns: 1_500 },
  );
}, 600_000);
