import { describe, expect, it } from '@jest/globals';
import { eventIdOf } from '../../src/forward/signed-headers.ts';
import { checkBooks } from './books.ts';
import { setUpBench } from './forwarding-bench.ts';
import { createMemoryStore, valuesAfter } from './memory-store.ts';
import { createTarget, DOWN } from './scripted-target.ts';

describe('forwarding over a store that keeps nothing', () => {
  it('continues from memory and reports the store once', () => {
    let isDown = false;
    const bench = setUpBench(() => (isDown ? 'black hole' : { answer: 200 }));
    bench.clock.advance(3_000);
    bench.store.broken = true;
    for (let n = 0; n < 20; n += 1) {
      bench.enqueue(`e${n}`);
      bench.clock.advance(1_000);
    }
    isDown = true;
    bench.enqueue('while down');
    bench.clock.advance(120_000);
    isDown = false;
    bench.clock.advance(60_000);
    expect(bench.wire.taken()).toEqual([...Array.from({ length: 20 }, (_, n) => `e${n}`), 'while down']);
    expect(bench.said('error').filter((message) => message.includes('database'))).toHaveLength(1);
    expect(bench.forwarder.status().store).toMatchObject({ broken: true, eventsInMemory: 0 });
  });

  it('reports the store at the start, before the first event', () => {
    const store = createMemoryStore();
    store.broken = true;
    const bench = setUpBench(() => ({ answer: 200 }), { store });
    expect(bench.said('error')).toEqual([expect.stringContaining('does not keep what is written to it')]);
    expect(bench.forwarder.status().store.broken).toBe(true);
  });

  it('reports the store with the first event that it does not keep, at one read for each flush', () => {
    const bench = setUpBench(() => 'black hole');
    bench.clock.advance(10_000);
    const before = bench.store.reads.length;
    for (let n = 0; n < 100; n += 1) bench.enqueue(`e${n}`);
    bench.clock.advance(1);
    const ofEvents = (key: string) => key.startsWith('1/event/');
    expect(bench.store.reads.slice(before).filter((key) => !ofEvents(key))).toEqual(['1/canary']);
    bench.clock.advance(10_000);
    bench.store.broken = true;
    bench.enqueue('lost');
    bench.clock.advance(1);
    expect(bench.said('error')).toEqual([expect.stringContaining('the newest 1000')]);
  });

  it('keeps the newest 1,000 events', () => {
    const bench = setUpBench(() => 'black hole');
    bench.clock.advance(3_000);
    bench.store.broken = true;
    bench.enqueue('e0');
    bench.clock.advance(3_000);
    for (let n = 1; n < 1_101; n += 1) bench.enqueue(`e${n}`);
    expect(bench.forwarder.status()).toMatchObject({
      store: { eventsInMemory: 1_000 },
      targets: [{ queued: 1_000, counts: { lost: 101 } }],
    });
    checkBooks(bench);
  });

  it('keeps the newest 1,000 dead letters and counts the lost ones', () => {
    const bench = setUpBench(() => ({ answer: 422 }));
    bench.clock.advance(3_000);
    bench.store.broken = true;
    for (let n = 0; n < 1_101; n += 1) {
      bench.enqueue(`e${n}`);
      bench.clock.advance(10);
    }
    expect(bench.forwarder.status()).toMatchObject({
      store: { eventsInMemory: 1_000 },
      targets: [{ deadLetters: 1_000, counts: { deadLettered: 1_101, lostDeadLetters: 101 } }],
    });
  });

  it('writes back what waits when the store works again', () => {
    let isDown = true;
    const bench = setUpBench(() => (isDown ? 'black hole' : { answer: 200 }));
    bench.enqueue('stored');
    bench.clock.advance(3_000);
    bench.store.broken = true;
    for (const id of ['e0', 'e1']) bench.enqueue(id);
    bench.clock.advance(30_000);
    expect(bench.forwarder.status().store.broken).toBe(true);
    bench.store.broken = false;
    bench.clock.advance(15_000);
    expect(bench.forwarder.status().store.broken).toBe(false);
    bench.restart({ kill: true });
    isDown = false;
    bench.clock.advance(60_000);
    expect(bench.wire.taken()).toEqual(['stored', 'e0', 'e1']);
  });

  it('loses nothing that was stored, after whichever write the process dies while memory is written back', () => {
    const targets = ['a', 'b'].map((name) => createTarget({ name }));
    const bench = setUpBench(({ target }) => (target.name === 'a' ? { answer: 422 } : DOWN), { targets });
    for (const id of ['e0', 'e1']) bench.enqueue(id);
    bench.clock.advance(3_000);
    bench.store.broken = true;
    bench.enqueue('in memory');
    bench.forwarder.replay('all');
    bench.clock.advance(3_000);
    const before = bench.store.changes.length;
    bench.store.broken = false;
    bench.clock.advance(15_000);
    const { changes } = bench.store;
    expect(changes.length).toBeGreaterThan(before + 5);
    for (let writes = before; writes <= changes.length; writes += 1) {
      const store = createMemoryStore(valuesAfter(changes.slice(0, writes)));
      const next = setUpBench(() => ({ answer: 200 }), { targets, store });
      next.clock.advance(3_000);
      next.enqueue('after');
      next.clock.advance(60_000);
      const taken = next.wire.requests.map(({ attempt: { event, target } }) => `${eventIdOf(event.id)} ${target.name}`);
      const dead = next.forwarder.deadLetters().map(({ id, target }) => `${eventIdOf(id)} ${target}`);
      const settled = new Set([...taken, ...dead]);
      const wanted = ['e0', 'e1', 'after'].flatMap((id) => [`${id} a`, `${id} b`]);
      expect([writes, wanted.filter((place) => !settled.has(place))]).toEqual([writes, []]);
    }
  });
});
