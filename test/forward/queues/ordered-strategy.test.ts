import { describe, expect, it } from '@jest/globals';
import type { Attempt } from '../../../src/forward/delivery.ts';
import { checkBooks } from '../books.ts';
import { setUpBench } from '../forwarding-bench.ts';
import { type Behaviour, createTarget, STREAM } from '../scripted-target.ts';

const stream = createTarget({ url: 'nats://127.0.0.1:4222', nats: STREAM });
const ids = (count: number) => Array.from({ length: count }, (_, index) => `e${index}`);
const setUp = (decide: (attempt: Attempt, at: number) => Behaviour) => setUpBench(decide, { targets: [stream] });

describe('a target that acknowledges', () => {
  it('has up to 64 events under way, and begins with one', () => {
    const bench = setUp(() => ({ answer: 200, afterMs: 20 }));
    for (const id of ids(500)) bench.enqueue(id);
    bench.clock.advance(10);
    expect(bench.wire.underWay).toBe(1);
    bench.clock.advance(1_000);
    expect(bench.wire.mostUnderWay).toBe(64);
    expect(bench.wire.taken()).toEqual(ids(500));
    checkBooks(bench);
  });

  it('is sent all that is not acknowledged again after a failure, in order, from the first on', () => {
    let fails = true;
    const bench = setUp(({ event }) => {
      if (event.id !== 'e40' || !fails) return { answer: 200, afterMs: 20 };
      fails = false;
      return { fail: 'ECONNRESET' };
    });
    for (const id of ids(100)) bench.enqueue(id);
    bench.clock.advance(5_000);
    const sent = bench.wire.requests.map(({ attempt }) => attempt.event.id);
    const failed = sent.indexOf('e40');
    // Those before it were acknowledged or are sent again, too.
    const again = sent.slice(failed + 1).findIndex((id, index) => index > 0 && Number(id.slice(1)) <= 40);
    const afterFailure = sent.slice(failed + 1 + Math.max(0, again));
    expect(afterFailure).toEqual(ids(100).slice(Number(afterFailure[0]?.slice(1))));
    expect(Number(afterFailure[0]?.slice(1))).toBeLessThanOrEqual(40);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ queued: 0, counts: { delivered: 100 } });
    checkBooks(bench);
  });

  it('gets one event at a time while it fails', () => {
    const bench = setUp((_attempt, at) => (at < 60_000 ? { fail: 'ECONNREFUSED' } : { answer: 200 }));
    for (const id of ids(100)) bench.enqueue(id);
    bench.clock.advance(59_000);
    expect(bench.wire.mostUnderWay).toBe(1);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ state: 'parked', queued: 100 });
    bench.clock.advance(60_000);
    expect(bench.wire.taken()).toEqual(ids(100));
  });

  it('is not asked by a probe whether it takes events without an answer', () => {
    const bench = setUp((_attempt, at) => (at < 30_000 ? 'hang' : { answer: 200 }));
    bench.enqueue('e0');
    bench.clock.advance(120_000);
    expect(bench.wire.requests.filter(({ attempt }) => attempt.probe)).toEqual([]);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ queued: 0, silent: false });
  });

  it('is sent what was under way again after the game server was killed', () => {
    const bench = setUp(() => ({ answer: 200, afterMs: 20 }));
    for (const id of ids(50)) bench.enqueue(id);
    bench.clock.advance(65);
    bench.restart({ kill: true, targets: [stream] });
    bench.clock.advance(2_000);
    expect(bench.forwarder.status().targets[0]?.counts.recovered).toBeGreaterThan(0);
    expect([...new Set(bench.wire.taken())]).toEqual(ids(50));
    expect(bench.wire.taken().length).toBeGreaterThan(50);
  });

  it('becomes one of another kind with its settings, and keeps what waits', () => {
    const bench = setUp(() => ({ fail: 'ECONNREFUSED' }));
    for (const id of ids(5)) bench.enqueue(id);
    bench.clock.advance(100);
    bench.forwarder.applyTargets([createTarget()]);
    bench.clock.advance(10);
    expect(bench.wire.requests.at(-1)?.attempt.target.nats).toBeUndefined();
    expect(bench.forwarder.status().targets[0]?.queued).toBe(5);
  });
});
