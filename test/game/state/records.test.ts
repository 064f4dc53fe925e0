import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createAgeOrder } from '../../../src/game/state/records.ts';

describe('the order of ages', () => {
  it('knows the oldest, also after it was changed or deleted', () => {
    const ages = createAgeOrder();
    expect(ages.oldest()).toBeUndefined();
    ages.set(1, 10);
    ages.set(2, 20);
    ages.set(3, 30);
    ages.set(1, 40);
    expect(ages.oldest()).toMatchObject({ id: 2, since: 20 });
    ages.delete(2);
    expect(ages.oldest()).toMatchObject({ id: 3, since: 30 });
    expect([ages.get(1), ages.get(2), ages.size]).toEqual([40, undefined, 2]);
  });

  it('is that in which ids were set last, whatever is set and deleted', () => {
    const step = fc.record({ id: fc.integer({ min: 1, max: 6 }), isDeleted: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const ages = createAgeOrder();
        const expected = new Map<number, number>();
        for (const [now, { id, isDeleted }] of steps.entries()) {
          expected.delete(id);
          if (isDeleted) ages.delete(id);
          else {
            ages.set(id, now);
            expected.set(id, now);
          }
          expect(ages.size).toBe(expected.size);
        }
        for (const [id, since] of expected) {
          expect(ages.oldest()).toMatchObject({ id, since });
          ages.delete(id);
        }
        expect(ages.oldest()).toBeUndefined();
      }),
    );
  });
});
