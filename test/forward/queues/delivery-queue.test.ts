import { describe, expect, it } from '@jest/globals';
import { checkBooks } from '../books.ts';
import { setUpBench } from '../forwarding-bench.ts';
import { createTarget } from '../scripted-target.ts';

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `e${from + n}`);
const MEGABYTE = 'x'.repeat(1_000_000);
const body = (id: string) => Buffer.from(`{"type":"A","id":"${id}","padding":"${MEGABYTE}"}`);

describe('the age of the first event in a queue', () => {
  const ages = (bench: ReturnType<typeof setUpBench>) =>
    bench.forwarder.status().targets.map(({ queued, oldestMs }) => [queued, oldestMs]);

  it('is told while it waits, and while it is under way', () => {
    const bench = setUpBench(() => 'black hole');
    expect(ages(bench)).toEqual([[0, null]]);
    bench.enqueue('e0');
    for (let seconds = 4; seconds < 120; seconds += 4) {
      bench.clock.advance(4_000);
      expect(ages(bench)).toEqual([[1, seconds * 1_000]]);
    }
  });

  it('is told while it is set aside, over a restart too', () => {
    const bench = setUpBench(({ event }) => ({ answer: event.id === 'e0' ? 500 : 200 }));
    for (const id of ['e0', 'e1']) bench.enqueue(id);
    bench.clock.advance(10_000);
    expect(ages(bench)).toEqual([[1, 10_000]]);
    bench.restart();
    bench.clock.advance(5_000);
    expect(ages(bench)).toEqual([[1, 15_000]]);
  });
});

describe('a full queue', () => {
  it('loses the oldest dead letters first, then the oldest events, and says so', () => {
    let refuses = true;
    const bench = setUpBench(() => (refuses ? { answer: 422 } : 'black hole'));
    for (const id of ids(0, 10)) bench.enqueue(id);
    bench.clock.advance(1_000);
    refuses = false;
    for (const id of ids(10, 10_000)) bench.enqueue(id);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ queued: 9_990, deadLetters: 10, counts: { lost: 0 } });
    for (const id of ids(10_000, 10_004)) bench.enqueue(id);
    expect(bench.forwarder.deadLetters().map(({ id }) => id)).toEqual(ids(4, 10));
    for (const id of ids(10_004, 10_015)) bench.enqueue(id);
    expect(bench.forwarder.status().targets[0]).toMatchObject({
      queued: 10_000,
      deadLetters: 0,
      counts: { lost: 5, lostDeadLetters: 10, deadLettered: 10 },
    });
    const lost = bench.log.lines.filter(({ message }) => message === 'An event is lost to a target.');
    expect(lost.map(({ fields }) => fields.id)).toEqual(ids(10, 15));
    checkBooks(bench);
  });

  it('is full by bytes too', () => {
    const bench = setUpBench(() => 'black hole');
    for (const id of ids(0, 40)) bench.enqueue(id, { body: body(id) });
    const [status] = bench.forwarder.status().targets;
    expect(status?.bytes).toBeLessThanOrEqual(32 * 1024 * 1024);
    expect(status).toMatchObject({ queued: 33, counts: { lost: 7 } });
  });

  it('does not lose the event that is under way, nor what waits for other targets', () => {
    let isDown = true;
    const bench = setUpBench(
      ({ target }) => (target.name === 'slow' && isDown ? 'black hole' : { answer: 200, afterMs: 5_000 }),
      { targets: [createTarget({ name: 'slow', timeoutMs: 60_000 }), createTarget({ name: 'well' })] },
    );
    for (const id of ids(0, 34)) bench.enqueue(id, { body: body(id) });
    bench.clock.advance(10);
    for (const id of ids(34, 36)) bench.enqueue(id, { body: body(id) });
    isDown = false;
    bench.clock.advance(15 * 60_000);
    const got = (name: string) =>
      bench.wire.requests.filter(
        ({ attempt, behaviour }) => attempt.target.name === name && behaviour !== 'black hole',
      );
    expect(got('slow').map(({ attempt }) => attempt.event.id)).toEqual(['e1', ...ids(4, 36)]);
    expect([...bench.store.values.keys()].filter((key) => key.startsWith('1/event/'))).toEqual([]);
  });
});

const MINUTE = 60_000;

describe('an event that cannot be delivered for long', () => {
  it('is a dead letter after maxAgeMinutes, and those inside it arrive in order after an outage of an hour', () => {
    let isDown = true;
    const bench = setUpBench(() => (isDown ? { fail: 'ECONNREFUSED' } : { answer: 200 }));
    for (let minute = 0; minute < 65; minute += 1) {
      bench.enqueue(`e${minute}`);
      bench.clock.advance(MINUTE);
    }
    isDown = false;
    bench.clock.advance(2 * MINUTE);
    const dead = bench.forwarder.deadLetters();
    expect(dead.map(({ id }) => id)).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5'].slice(0, dead.length));
    expect(dead.length).toBeGreaterThanOrEqual(5);
    expect(dead[0]).toMatchObject({ type: 'EVENT_911', reason: 'not delivered within 60 min' });
    const delivered = Array.from({ length: 65 }, (_, minute) => `e${minute}`).slice(dead.length);
    expect(bench.wire.taken()).toEqual(delivered);
  });

  it('becomes one with at most 50 others at a time', () => {
    const bench = setUpBench(() => 'black hole');
    for (let n = 0; n < 180; n += 1) bench.enqueue(`e${n}`);
    bench.clock.advance(59 * MINUTE);
    const deaths = new Map<number, number>();
    for (let step = 0; step < 200_000 && deaths.size < 5; step += 10) {
      const before = bench.forwarder.status().targets[0]?.deadLetters ?? 0;
      bench.clock.advance(10);
      const added = (bench.forwarder.status().targets[0]?.deadLetters ?? 0) - before;
      if (added > 0) deaths.set(step, added);
    }
    expect(Math.max(...deaths.values())).toBeLessThanOrEqual(50);
    expect([...deaths.values()].reduce((sum, count) => sum + count)).toBe(180);
  });

  it('ages over a restart by the wall clock', () => {
    const bench = setUpBench(() => 'black hole');
    bench.enqueue('old');
    bench.clock.advance(20 * MINUTE);
    bench.restart({ downMs: 30 * MINUTE });
    bench.clock.advance(9 * MINUTE);
    expect(bench.forwarder.deadLetters()).toEqual([]);
    bench.clock.advance(2 * MINUTE);
    expect(bench.forwarder.deadLetters()).toMatchObject([{ id: 'old' }]);
  });

  it('is no younger than new when the clock was set back meanwhile', () => {
    const bench = setUpBench(() => 'black hole');
    bench.enqueue('e');
    bench.jump(-600 * MINUTE);
    bench.restart();
    bench.clock.advance(59 * MINUTE);
    expect(bench.forwarder.deadLetters()).toEqual([]);
    bench.clock.advance(12 * MINUTE);
    expect(bench.forwarder.deadLetters()).toHaveLength(1);
  });

  it('is given up on in time although the clock was set meanwhile', () => {
    const bench = setUpBench(() => 'black hole');
    bench.enqueue('e');
    bench.clock.advance(58 * MINUTE);
    bench.jump(6 * MINUTE);
    bench.clock.advance(3 * MINUTE);
    expect(bench.forwarder.deadLetters()).toHaveLength(1);
  });

  it('is given up on by a target that is gone for good, too', () => {
    const bench = setUpBench(() => ({ answer: 410 }), { targets: [createTarget({ maxAgeMinutes: 5 })] });
    bench.enqueue('e');
    bench.clock.advance(6 * MINUTE);
    expect(bench.forwarder.deadLetters()).toMatchObject([{ reason: 'not delivered within 5 min', attempts: 1 }]);
  });
});
