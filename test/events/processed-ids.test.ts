import { describe, expect, it } from '@jest/globals';
import { ProcessedIds } from '../../src/events/processed-ids.ts';
import { createMemoryStore } from '../forward/memory-store.ts';
import { createManualClock } from '../manual-clock.ts';

const HOUR_MS = 3_600_000;

function setUp() {
  const clock = createManualClock();
  const store = createMemoryStore();
  return { clock, store, start: () => new ProcessedIds({ store, clock }) };
}

describe('ProcessedIds', () => {
  it('knows an id for a day after it was added, then forgets it', () => {
    const { clock, start } = setUp();
    const processed = start();
    expect(processed.has('a')).toBe(false);
    processed.add('a');
    clock.advance(59 * 60_000);
    processed.add('b');
    clock.advance(24 * HOUR_MS - 1);
    expect([processed.has('a'), processed.has('b')]).toEqual([true, true]);
    clock.advance(HOUR_MS);
    expect([processed.has('a'), processed.has('b')]).toEqual([false, false]);
  });

  it('knows the ids of an earlier run, and forgets them when they are a day old', () => {
    const { clock, start } = setUp();
    const first = start();
    first.add('a');
    clock.advance(2 * HOUR_MS);
    first.add('b');
    clock.advance(100);
    const second = start();
    expect([second.has('a'), second.has('b'), second.has('c')]).toEqual([true, true, false]);
    second.add('c');
    second.write();
    clock.advance(23 * HOUR_MS);
    const third = start();
    expect([third.has('a'), third.has('b'), third.has('c')]).toEqual([false, true, true]);
  });

  it('reads the store at the first look-up, not when it is constructed', () => {
    const { clock, store } = setUp();
    let looks = 0;
    const get = (key: string) => {
      looks += 1;
      return store.get(key);
    };
    const processed = new ProcessedIds({ store: { ...store, get }, clock });
    expect(looks).toBe(0);
    processed.has('a');
    expect(looks).toBe(200);
    processed.has('b');
    expect(looks).toBe(200);
  });

  it('writes 100 ids in one write, 100 ms after the first, and does not flush', () => {
    const { clock, store, start } = setUp();
    const processed = start();
    for (let number = 0; number < 100; number += 1) processed.add(`id-${number}`);
    expect(store.changes).toEqual([]);
    clock.advance(100);
    expect(store.changes).toHaveLength(1);
    expect([store.flushes, clock.waiting]).toEqual([0, 0]);
    expect(start().has('id-99')).toBe(true);
  });

  it('does not know an id after a crash within 100 ms of it, when the event may not have been dispatched', () => {
    const { clock, start } = setUp();
    const first = start();
    first.add('a');
    clock.advance(100);
    first.add('b');
    const second = start();
    expect([second.has('a'), second.has('b')]).toEqual([true, false]);
  });

  it('keeps the newest 100,000 ids, in memory and in the store', () => {
    const { clock, store, start } = setUp();
    const processed = start();
    for (let number = 0; number < 100_600; number += 1) {
      processed.add(`id-${number}`);
      if (number % 250 === 0) clock.advance(100);
    }
    processed.write();
    const known = (ids: ProcessedIds) => [0, 499, 1_000, 100_599].map((number) => ids.has(`id-${number}`));
    expect(known(processed)).toEqual([false, false, true, true]);
    expect(known(start())).toEqual([false, false, true, true]);
    expect(store.values.size).toBe(200);
    expect(Math.max(...[...store.values.values()].map(({ length }) => length))).toBeLessThan(6_000);
  });

  it('skips a damaged page and goes on', () => {
    const { store, start } = setUp();
    store.values.set('0', 'x:y');
    store.values.set('1', `1:${'*'.repeat(22)}`);
    const processed = start();
    processed.add('a');
    processed.write();
    expect(start().has('a')).toBe(true);
  });

  it('forgets an id after a day when it was stored by a clock that ran ahead', () => {
    const { clock, store, start } = setUp();
    store.values.set('0', `${clock.now() + 1_000 * HOUR_MS}:`);
    const processed = start();
    processed.add('a');
    clock.advance(26 * HOUR_MS);
    expect(processed.has('a')).toBe(false);
  });
});
