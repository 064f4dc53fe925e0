import { describe, expect, it } from '@jest/globals';
import { checkBooks } from '../books.ts';
import { setUpBench } from '../forwarding-bench.ts';
import { createTarget } from '../scripted-target.ts';

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `e${from + n}`);
const body = (id: string) => Buffer.from(JSON.stringify({ type: 'A', id, padding: 'x'.repeat(1_000_000) }));

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
    expect([...bench.store.values.keys()].filter((key) => key.startsWith('o/'))).toEqual([]);
  });
});
