import { describe, expect, it } from '@jest/globals';
import { TakenIds } from '../../src/events/processed-ids.ts';
import { createMemoryStore } from '../forward/memory-store.ts';
import { createManualClock } from '../manual-clock.ts';

const HOUR_MS = 3_600_000;

function setUp() {
  const clock = createManualClock();
  const store = createMemoryStore();
  return { clock, store, start: () => new TakenIds({ store, clock }) };
}

describe('the ids of events that were taken', () => {
  it('are known for a day, and not for ever', () => {
    const { clock, start } = setUp();
    const taken = start();
    expect(taken.has('a')).toBe(false);
    taken.note('a');
    clock.advance(59 * 60_000);
    taken.note('b');
    clock.advance(24 * HOUR_MS - 1);
    expect([taken.has('a'), taken.has('b')]).toEqual([true, true]);
    clock.advance(HOUR_MS);
    expect([taken.has('a'), taken.has('b')]).toEqual([false, false]);
  });

  it('are known after a restart, and forgotten at the same time', () => {
    const { clock, start } = setUp();
    const first = start();
    first.note('a');
    clock.advance(2 * HOUR_MS);
    first.note('b');
    clock.advance(100);
    const second = start();
    expect([second.has('a'), second.has('b'), second.has('c')]).toEqual([true, true, false]);
    second.note('c');
    second.write();
    clock.advance(23 * HOUR_MS);
    const third = start();
    expect([third.has('a'), third.has('b'), third.has('c')]).toEqual([false, true, true]);
  });

  it('are looked for in the store when one is first asked for, and not at the start', () => {
    const { clock, store } = setUp();
    let looks = 0;
    const get = (key: string) => {
      looks += 1;
      return store.get(key);
    };
    const taken = new TakenIds({ store: { ...store, get }, clock });
    expect(looks).toBe(0);
    taken.has('a');
    expect(looks).toBe(200);
    taken.has('b');
    expect(looks).toBe(200);
  });

  it('are written together, a moment after they came, and never flushed', () => {
    const { clock, store, start } = setUp();
    const taken = start();
    for (let number = 0; number < 100; number += 1) taken.note(`id-${number}`);
    expect(store.changes).toEqual([]);
    clock.advance(100);
    expect(store.changes).toHaveLength(1);
    expect([store.flushes, clock.waiting]).toEqual([0, 0]);
    expect(start().has('id-99')).toBe(true);
  });

  it('are not known after a crash that may have kept the event from being dispatched', () => {
    const { clock, start } = setUp();
    const first = start();
    first.note('a');
    clock.advance(100);
    first.note('b');
    const second = start();
    expect([second.has('a'), second.has('b')]).toEqual([true, false]);
  });

  it('are 100,000 at most, in memory and in the store, of which the newest stay', () => {
    const { clock, store, start } = setUp();
    const taken = start();
    for (let number = 0; number < 100_600; number += 1) {
      taken.note(`id-${number}`);
      if (number % 250 === 0) clock.advance(100);
    }
    taken.write();
    const known = (ids: TakenIds) => [0, 499, 1_000, 100_599].map((number) => ids.has(`id-${number}`));
    expect(known(taken)).toEqual([false, false, true, true]);
    expect(known(start())).toEqual([false, false, true, true]);
    expect(store.values.size).toBe(200);
    expect(Math.max(...[...store.values.values()].map(({ length }) => length))).toBeLessThan(6_000);
  });

  it('are left out where the store is damaged, which stops nothing', () => {
    const { store, start } = setUp();
    store.values.set('0', 'x:y');
    store.values.set('1', `1:${'*'.repeat(22)}`);
    const taken = start();
    taken.note('a');
    taken.write();
    expect(start().has('a')).toBe(true);
  });

  it('do not stay for longer when the clock was ahead', () => {
    const { clock, store, start } = setUp();
    store.values.set('0', `${clock.now() + 1_000 * HOUR_MS}:`);
    const taken = start();
    taken.note('a');
    clock.advance(26 * HOUR_MS);
    expect(taken.has('a')).toBe(false);
  });
});
