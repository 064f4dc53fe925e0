import { describe, expect, it } from '@jest/globals';
import { setUpBench } from './forwarding-bench.ts';
import { createTarget } from './scripted-target.ts';

describe('dead letters', () => {
  it('are kept over a restart, listed, and replayed one by one, each under a new id', () => {
    let refuses = true;
    const bench = setUpBench(() => (refuses ? { answer: 422 } : { answer: 200 }));
    const receivedAt = bench.clock.now();
    for (const id of ['e0', 'e1', 'e2']) bench.enqueue(id, { type: 'EVENT_TONE' });
    bench.clock.advance(1_000);
    bench.restart({ kill: true, downMs: 5 * 3_600_000 });
    expect(bench.forwarder.deadLetters()).toMatchObject([
      { id: 'e0', target: 'bot', type: 'EVENT_TONE', reason: 'answered 422', receivedAt, attempts: 1 },
      { id: 'e1' },
      { id: 'e2' },
    ]);
    refuses = false;
    expect(bench.forwarder.replay('e1')).toBe(1);
    bench.clock.advance(1_000);
    expect(bench.wire.requests.at(-1)?.attempt).toMatchObject({
      replay: true,
      event: { id: 'e1.r1', type: 'EVENT_TONE', receivedAt },
    });
    expect(bench.forwarder.deadLetters().map(({ id }) => id)).toEqual(['e0', 'e2']);
    expect(bench.forwarder.replay('all')).toBe(2);
    expect(bench.forwarder.replay('nothing')).toBe(0);
    bench.clock.advance(1_000);
    expect(bench.wire.taken()).toEqual(['e1.r1', 'e0.r1', 'e2.r1']);
    expect([...bench.store.values.keys()].filter((key) => /^1\/(?:event|dead-letter|set-aside)\//.test(key))).toEqual(
      [],
    );
  });

  it("are replayed under the next id each time, also after a restart, and found by the event's id", () => {
    const bench = setUpBench(() => ({ answer: 422 }));
    bench.enqueue('e0');
    bench.clock.advance(1_000);
    for (const asked of ['e0', 'e0', 'e0.r2']) {
      expect(bench.forwarder.replay(asked)).toBe(1);
      bench.clock.advance(1_000);
      bench.restart({ kill: true, downMs: 1_000 });
    }
    const sent = bench.wire.requests.map(({ attempt }) => [attempt.event.id, attempt.replay]);
    expect(sent).toEqual([
      ['e0', false],
      ['e0.r1', true],
      ['e0.r2', true],
      ['e0.r3', true],
    ]);
    expect(bench.forwarder.deadLetters()).toMatchObject([{ id: 'e0.r3' }]);
    expect([bench.forwarder.replay('e0.r1'), bench.forwarder.drop('e0.r1'), bench.forwarder.drop('e0')]).toEqual([
      0, 0, 1,
    ]);
  });

  it('stay dropped, even if the process died before the event had left its queue', () => {
    const bench = setUpBench(() => ({ answer: 422 }), { targets: [createTarget({ maxAgeMinutes: 1 })] });
    bench.enqueue('e0');
    const before = new Map(bench.store.values);
    bench.clock.advance(1_000);
    for (const [key, value] of before) bench.store.values.set(key, value);
    bench.restart({ kill: true, downMs: 60_000 });
    bench.clock.advance(1_000);
    expect(bench.forwarder.deadLetters()).toMatchObject([{ id: 'e0', reason: 'not delivered within 1 min' }]);
    expect(bench.forwarder.drop('e0')).toBe(1);
    bench.restart();
    expect(bench.forwarder.deadLetters()).toEqual([]);
  });

  it('are listed oldest first, limited to the newest ones', () => {
    const bench = setUpBench(() => ({ answer: 422 }), {
      targets: [createTarget({ name: 'a' }), createTarget({ name: 'b' })],
    });
    for (let n = 0; n < 4; n += 1) bench.enqueue(`e${n}`);
    bench.clock.advance(1_000);
    expect(bench.forwarder.deadLetters('b', 2).map(({ id, target }) => `${target} ${id}`)).toEqual(['b e2', 'b e3']);
    expect(bench.forwarder.deadLetters()).toHaveLength(8);
  });

  it('are dropped for one target only when that is asked for', () => {
    const bench = setUpBench(({ target }) => (target.name === 'c' ? 'black hole' : { answer: 422 }), {
      targets: ['a', 'b', 'c'].map((name) => createTarget({ name })),
    });
    bench.enqueue('e0');
    bench.clock.advance(1_000);
    const left = () => bench.forwarder.deadLetters().map(({ target }) => target);
    expect([bench.forwarder.drop('e0', 'a'), left()]).toEqual([1, ['b']]);
    expect([...bench.forwarder.newestDeadLetters(undefined, 1)]).toEqual([]);
    expect([bench.forwarder.drop('e0'), left()]).toEqual([2, []]);
  });

  it('are sent to a named target once each, even if several targets gave them up', () => {
    let refuses = true;
    const bench = setUpBench(({ target }) => (refuses && target.name !== 'c' ? { answer: 422 } : { answer: 200 }), {
      targets: [
        createTarget({ name: 'a' }),
        createTarget({ name: 'b' }),
        createTarget({ name: 'c', wants: () => false }),
      ],
    });
    bench.enqueue('e0');
    bench.clock.advance(1_000);
    refuses = false;
    expect(bench.forwarder.replay('e0', 'c')).toBe(1);
    bench.clock.advance(1_000);
    expect(bench.wire.requests.at(-1)?.attempt).toMatchObject({ target: { name: 'c' }, event: { id: 'e0.r1' } });
    expect(bench.forwarder.replay('all', 'b')).toBe(1);
    expect(bench.forwarder.replay('e0', 'nobody')).toBe(0);
    bench.clock.advance(1_000);
    expect(bench.wire.taken()).toHaveLength(2);
  });

  it('get their full maximum age again when they are replayed', () => {
    const bench = setUpBench(() => 'black hole');
    bench.enqueue('e0');
    bench.clock.advance(70 * 60_000);
    expect(bench.forwarder.replay('e0')).toBe(1);
    bench.clock.advance(50 * 60_000);
    expect(bench.forwarder.deadLetters()).toEqual([]);
    bench.clock.advance(20 * 60_000);
    expect(bench.forwarder.deadLetters()).toHaveLength(1);
  });

  it('can be dropped, as can waiting events and the one in flight', () => {
    let behaviour: { answer: number } | 'black hole' = { answer: 422 };
    const bench = setUpBench(() => behaviour);
    bench.enqueue('dead');
    bench.clock.advance(100);
    behaviour = 'black hole';
    for (const id of ['under way', 'waiting', 'other']) bench.enqueue(id);
    bench.clock.advance(100);
    expect(['dead', 'under way', 'waiting', 'unknown'].map((id) => bench.forwarder.drop(id))).toEqual([1, 1, 1, 0]);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ queued: 1, deadLetters: 0, counts: { dropped: 2 } });
    bench.clock.advance(100);
    expect(bench.wire.requests.at(-1)?.attempt.event.id).toBe('other');
  });

  it('are all replayed when there are 1,000', () => {
    const bench = setUpBench(({ replay }) => (replay ? { answer: 200 } : { answer: 422 }));
    for (let n = 0; n < 1_000; n += 1) bench.enqueue(`e${n}`);
    bench.clock.advance(20_000);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ deadLetters: 1_000 });
    expect(bench.forwarder.replay('all')).toBe(1_000);
    bench.clock.advance(20_000);
    expect(bench.wire.taken()).toHaveLength(1_000);
  });
});
