import { describe, expect, it } from '@jest/globals';
import { Scheduler } from '../../../src/forward/scheduler.ts';
import { CheckedStore } from '../../../src/forward/stores/checked-store.ts';
import { createManualClock } from '../../manual-clock.ts';
import { createRecordingLog } from '../../recording-log.ts';
import { createMemoryStore } from '../memory-store.ts';

function setUp() {
  const still = createManualClock();
  let flushing = 0;
  const clock = { ...still, monotonic: () => still.monotonic() + flushing };
  const log = createRecordingLog();
  const store = createMemoryStore();
  const checked = new CheckedStore(store, new Scheduler(clock, log), clock, log);
  const said = () => log.lines.map(({ level }) => level);
  return {
    still,
    store,
    checked,
    said,
    flushTakes(milliseconds: number) {
      store.onFlush = () => {
        flushing += milliseconds;
      };
    },
  };
}

describe('a checked store', () => {
  it('writes at once, and flushes every two seconds, but only what is new', () => {
    const { still, store, checked } = setUp();
    still.advance(60_000);
    expect(store.flushes).toBe(0);
    checked.set('a', '1');
    expect(store.values.get('a')).toBe('1');
    still.advance(1_999);
    expect(store.flushes).toBe(0);
    still.advance(1);
    expect(store.flushes).toBe(1);
    still.advance(60_000);
    expect(store.flushes).toBe(1);
    for (let n = 0; n < 100; n += 1) {
      checked.delete('a');
      still.advance(100);
    }
    expect(store.flushes).toBeLessThanOrEqual(6);
  });

  it('flushes less often while that takes long, and as often as before when it does not', () => {
    const { still, store, checked, flushTakes } = setUp();
    const flushesIn = (milliseconds: number) => {
      const before = store.flushes;
      for (let elapsed = 0; elapsed < milliseconds; elapsed += 100) {
        checked.set('a', `${elapsed}`);
        still.advance(100);
      }
      return store.flushes - before;
    };
    flushTakes(6);
    expect(flushesIn(60_000)).toBeLessThan(6);
    expect(checked.status()).toMatchObject({ lastFlushMs: 6, longestFlushMs: 6 });
    expect(checked.status().flushEveryMs).toBeGreaterThan(8_000);
    flushTakes(1);
    flushesIn(120_000);
    expect(flushesIn(60_000)).toBeGreaterThan(25);
  });

  it('keeps events in memory until a canary after them was found', () => {
    const { still, store, checked } = setUp();
    checked.set('o/1', 'event');
    expect(checked.status().eventsInMemory).toBe(1);
    store.values.delete('o/1');
    expect(checked.get('o/1')).toBe('event');
    still.advance(2_000);
    expect(checked.status().eventsInMemory).toBe(0);
    expect(checked.get('o/1')).toBeNull();
  });

  it('looks for a canary, without a flush, when memory would hold too much', () => {
    const { store, checked } = setUp();
    for (let n = 0; n < 1_001; n += 1) checked.set(`o/${n}`, 'event');
    expect([checked.status().eventsInMemory, store.flushes]).toEqual([0, 0]);
    for (let n = 0; n < 9; n += 1) checked.set(`o/${n}`, 'x'.repeat(1024 * 1024));
    expect(checked.status().eventsInMemory).toBeLessThan(9);
  });

  it('says once when the store keeps nothing, goes on from memory, and says when it works again', () => {
    const { still, store, checked, said } = setUp();
    checked.set('o/0', 'before');
    still.advance(2_000);
    store.broken = true;
    checked.set('o/1', 'event');
    checked.set('c/bot/0', 'cursor');
    checked.delete('o/0');
    still.advance(300_000);
    expect(said()).toEqual(['error']);
    expect(checked.status()).toMatchObject({ broken: true, eventsInMemory: 1 });
    checked.set('o/2', 'event');
    checked.set('o/3', 'event');
    checked.delete('o/3');
    expect([checked.get('o/0'), checked.get('o/1'), checked.get('o/2')]).toEqual([null, 'event', 'event']);
    expect(store.values.has('o/0')).toBe(true);
    store.broken = false;
    const before = store.changes.length;
    still.advance(20_000);
    expect(said()).toEqual(['error', 'info']);
    expect(store.changes.slice(before).some((change) => change.startsWith('o/3'))).toBe(false);
    expect(new Map([...store.values].filter(([key]) => key !== 'k'))).toEqual(
      new Map([
        ['o/1', 'event'],
        ['c/bot/0', 'cursor'],
        ['o/2', 'event'],
      ]),
    );
    expect(checked.status()).toMatchObject({ broken: false, eventsInMemory: 0 });
  });

  it('takes the store for broken when it throws, too', () => {
    const { still, store, checked, said } = setUp();
    checked.set('o/1', 'event');
    store.onFlush = () => {
      throw new Error('EIO');
    };
    still.advance(60_000);
    expect(said()).toEqual(['error']);
    expect(checked.get('o/1')).toBe('event');
  });

  it('says when memory holds more than it may, and what is oldest in it', () => {
    const { still, store, checked } = setUp();
    store.broken = true;
    for (let n = 0; n < 1_001; n += 1) checked.set(`o/${n}`, 'event');
    expect(checked.isOverfull).toBe(true);
    expect([checked.oldestInMemory('o/'), checked.oldestInMemory('d/')]).toEqual(['o/0', null]);
    checked.delete('o/0');
    expect(checked.isOverfull).toBe(false);
    expect(checked.oldestInMemory('o/')).toBe('o/1');
    still.advance(1);
  });

  it('makes one last attempt when it is stopped', () => {
    const { still, store, checked } = setUp();
    checked.set('o/1', 'event');
    checked.stop();
    expect(store.flushes).toBe(1);
    store.broken = true;
    checked.set('o/2', 'event');
    still.advance(2_000);
    expect(store.values.has('o/2')).toBe(false);
    store.broken = false;
    checked.stop();
    expect(store.values.get('o/2')).toBe('event');
  });

  it('says to the next run that the last attempt came to a part only', () => {
    const { still, store, checked } = setUp();
    store.broken = true;
    checked.set('o/1', 'event');
    checked.set('c/bot/0', 'cursor');
    still.advance(2_000);
    store.broken = false;
    const { set } = store;
    store.set = (key, value) => {
      if (key === 'o/1') throw new Error('EIO');
      set(key, value);
    };
    checked.stop();
    const next = new CheckedStore(store, new Scheduler(still, createRecordingLog()), still, createRecordingLog());
    expect(next.endedWithinMending).toBe(true);
  });

  it('touches the store no more when it was told not to', () => {
    const { still, store, checked } = setUp();
    store.values.set('o/1', 'of a later version');
    checked.detach('a reason');
    checked.set('o/2', 'event');
    still.advance(60_000);
    checked.stop();
    expect([checked.get('o/1'), checked.get('o/2')]).toEqual([null, 'event']);
    expect(store.changes).toEqual([]);
    expect(checked.status()).toMatchObject({ broken: true, unusedBecause: 'a reason' });
  });
});
