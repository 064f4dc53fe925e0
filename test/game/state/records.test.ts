import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RecordStore } from '../../../src/game/state/records.ts';

const STAGES = {
  open: { most: 3, maxAge: 20, ageFrom: 'change' },
  closed: { most: 2, maxAge: 10, ageFrom: 'arrival' },
} as const;

type Call = { readonly stage: keyof typeof STAGES };

function createStore(dropped: (id: number) => void = () => {}) {
  return new RecordStore<keyof typeof STAGES, Call>({ stages: STAGES, stageOf: ({ stage }) => stage, dropped });
}

describe('records', () => {
  it('are dropped when they are too old, or one too many: the one first that was changed longest ago', () => {
    const dropped: number[] = [];
    const store = createStore((id) => dropped.push(id));
    for (const [now, id] of [1, 2, 3, 1, 4].entries()) store.apply({ id, next: () => ({ stage: 'open' }) }, now);
    expect(dropped).toEqual([2]);
    store.purge(22);
    expect([dropped, store.ageOf(1, 22), store.ageOf(4, 22)]).toEqual([[2, 3], 19, 18]);
  });

  it('are those of a list that is searched each time, whatever is changed, closed and removed', () => {
    const step = fc.record({
      id: fc.integer({ min: 1, max: 6 }),
      stage: fc.constantFrom('open', 'closed', null),
      waits: fc.integer({ min: 0, max: 12 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const store = createStore();
        let expected: { id: number; stage: keyof typeof STAGES; since: number }[] = [];
        let now = 0;
        for (const { id, stage, waits } of steps) {
          now += waits;
          store.apply({ id, next: () => (stage === null ? undefined : { stage }) }, now);
          const before = expected.find((each) => each.id === id);
          const isKept = stage === 'closed' && before?.stage === 'closed';
          if (!isKept) expected = expected.filter((each) => each.id !== id);
          if (stage !== null && !isKept) expected.push({ id, stage, since: now });
          expected = expected.filter((each) => {
            const { most, maxAge } = STAGES[each.stage];
            const younger = expected.slice(expected.indexOf(each) + 1).filter((other) => other.stage === each.stage);
            return younger.length < most && now - each.since < maxAge;
          });
          const ages = [1, 2, 3, 4, 5, 6].map((each) => store.ageOf(each, now));
          const wanted = [1, 2, 3, 4, 5, 6].map((each) => expected.find((other) => other.id === each)?.since);
          expect(ages).toEqual(wanted.map((since) => (since === undefined ? undefined : now - since)));
        }
      }),
    );
  });
});
