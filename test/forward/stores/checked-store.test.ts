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
  it('writes at once, and flushes every two seconds while there are changes', () => {
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

  it('flushes less often while flushes are slow', () => {
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

  it('keeps changes in memory until it finds a later canary', () => {
    const { still, store, checked } = setUp();
    checked.set('1/event/1', 'event');
    expect(checked.status().eventsInMemory).toBe(1);
    store.values.delete('1/event/1');
    expect(checked.get('1/event/1')).toBe('event');
    still.advance(2_000);
    expect(checked.status().eventsInMemory).toBe(0);
    expect(checked.get('1/event/1')).toBeNull();
  });

  it('checks a canary without a flush when memory is full', () => {
    const { store, checked } = setUp();
    for (let n = 0; n < 1_001; n += 1) checked.set(`1/event/${n}`, 'event');
    expect([checked.status().eventsInMemory, store.flushes]).toEqual([0, 0]);
    for (let n = 0; n < 9; n += 1) checked.set(`1/event/${n}`, 'x'.repeat(1024 * 1024));
    expect(checked.status().eventsInMemory).toBeLessThan(9);
  });

  it('reports a broken store once, continues from memory, and reports when it works again', () => {
    const { still, store, checked, said } = setUp();
    checked.set('1/event/0', 'before');
    still.advance(2_000);
    store.broken = true;
    checked.set('1/event/1', 'event');
    checked.set('1/queue/bot', 'cursor');
    checked.delete('1/event/0');
    still.advance(300_000);
    expect(said()).toEqual(['error']);
    expect(checked.status()).toMatchObject({ broken: true, eventsInMemory: 1 });
    checked.set('1/event/2', 'event');
    checked.set('1/event/3', 'event');
    checked.delete('1/event/3');
    expect([checked.get('1/event/0'), checked.get('1/event/1'), checked.get('1/event/2')]).toEqual([
      null,
      'event',
      'event',
    ]);
    expect(store.values.has('1/event/0')).toBe(true);
    store.broken = false;
    const before = store.changes.length;
    still.advance(20_000);
    expect(said()).toEqual(['error', 'info']);
    expect(store.changes.slice(before).some((change) => change.startsWith('1/event/3'))).toBe(false);
    expect(new Map([...store.values].filter(([key]) => key !== '1/canary'))).toEqual(
      new Map([
        ['1/event/1', 'event'],
        ['1/queue/bot', 'cursor'],
        ['1/event/2', 'event'],
      ]),
    );
    expect(checked.status()).toMatchObject({ broken: false, eventsInMemory: 0 });
  });

  it('counts a store that throws as broken', () => {
    const { still, store, checked, said } = setUp();
    checked.set('1/event/1', 'event');
    store.onFlush = () => {
      throw new Error('EIO');
    };
    still.advance(60_000);
    expect(said()).toEqual(['error']);
    expect(checked.get('1/event/1')).toBe('event');
  });

  it('tells when memory is overfull, and the oldest key in it', () => {
    const { still, store, checked } = setUp();
    store.broken = true;
    for (let n = 0; n < 1_001; n += 1) checked.set(`1/event/${n}`, 'event');
    expect(checked.isOverfull).toBe(true);
    expect([checked.oldestInMemory('1/event/'), checked.oldestInMemory('1/dead-letter/')]).toEqual(['1/event/0', null]);
    checked.delete('1/event/0');
    expect(checked.isOverfull).toBe(false);
    expect(checked.oldestInMemory('1/event/')).toBe('1/event/1');
    still.advance(1);
  });

  it('flushes when it is stopped, or tries once more to write back memory', () => {
    const { still, store, checked } = setUp();
    checked.set('1/event/1', 'event');
    checked.stop();
    expect(store.flushes).toBe(1);
    store.broken = true;
    checked.set('1/event/2', 'event');
    still.advance(2_000);
    expect(store.values.has('1/event/2')).toBe(false);
    store.broken = false;
    checked.stop();
    expect(store.values.get('1/event/2')).toBe('event');
  });

  it('writes the counter before the events that were numbered by it when the store works again', () => {
    const { still, store, checked } = setUp();
    checked.set('1/counter', '1000');
    still.advance(2_000);
    store.broken = true;
    checked.set('1/event/1', 'event');
    still.advance(2_000);
    checked.set('1/counter', '2000');
    store.broken = false;
    const before = store.changes.length;
    still.advance(20_000);
    const written = store.changes.slice(before).filter((change) => !change.startsWith('1/canary'));
    expect(written.slice(0, 2)).toEqual(['1/counter=2000', '1/event/1=event']);
  });

  it('neither reads nor writes the store after detach', () => {
    const { still, store, checked } = setUp();
    store.values.set('1/event/1', 'of an earlier run');
    checked.detach('a reason');
    checked.set('1/event/2', 'event');
    still.advance(60_000);
    checked.stop();
    expect([checked.get('1/event/1'), checked.get('1/event/2')]).toEqual([null, 'event']);
    expect(store.changes).toEqual([]);
    expect(checked.status()).toMatchObject({ broken: true, unusedBecause: 'a reason' });
  });
});
