import { describe, expect, it } from '@jest/globals';
import { setUpBench } from './forwarding-bench.ts';
import { createTarget } from './scripted-target.ts';

const [a, b] = [createTarget({ name: 'a' }), createTarget({ name: 'b' })];

describe('a reload with other targets', () => {
  it('sends a new target nothing that was stored earlier', () => {
    const bench = setUpBench(() => ({ answer: 200 }), { targets: [a] });
    bench.enqueue('e0');
    bench.forwarder.applyTargets([a, b]);
    bench.enqueue('e1');
    bench.clock.advance(1_000);
    const got = bench.wire.requests.map(({ attempt }) => `${attempt.target.name} ${attempt.event.id}`);
    expect(got.sort()).toEqual(['a e0', 'a e1', 'b e1']);
  });

  it('sends what waits to the new address of a target, and logs that', () => {
    const moved = { ...a, url: 'http://127.0.0.1:4000/new', shownUrl: 'http://127.0.0.1:4000/new' };
    const bench = setUpBench(({ target }) => (target.url === moved.url ? { answer: 200 } : 'black hole'), {
      targets: [a],
    });
    for (const id of ['e0', 'e1']) bench.enqueue(id);
    bench.clock.advance(100_000);
    bench.forwarder.applyTargets([moved]);
    bench.clock.advance(1_000);
    expect(bench.wire.taken()).toEqual(['e0', 'e1']);
    expect(bench.log.lines).toContainEqual({
      level: 'info',
      message: expect.stringContaining('new address'),
      fields: { target: 'a', url: moved.shownUrl, waiting: 2 },
    });
  });

  it('logs a new address and a removed target at info level when no events wait', () => {
    const moved = { ...a, url: 'http://127.0.0.1:4000/new', shownUrl: 'http://127.0.0.1:4000/new' };
    const bench = setUpBench(() => ({ answer: 200 }), { targets: [a] });
    bench.clock.advance(1_000);
    bench.forwarder.applyTargets([moved]);
    bench.forwarder.applyTargets([]);
    expect(bench.log.lines).toEqual([
      {
        level: 'info',
        message: 'A forwarding target has a new address.',
        fields: { target: 'a', url: moved.shownUrl },
      },
      { level: 'info', message: 'A forwarding target was removed.', fields: { target: 'a' } },
    ]);
  });

  it('logs nothing about a target that was removed over a restart when no event waits for it', () => {
    const bench = setUpBench(() => ({ answer: 200 }), { targets: [a, b] });
    bench.restart({ targets: [b] });
    bench.clock.advance(1_000);
    expect(bench.log.lines).toEqual([]);
  });

  it('removes the queue record of a removed target once no event names the target', () => {
    let isDown = true;
    const bench = setUpBench(({ target }) => (target.name === 'b' && isDown ? 'black hole' : { answer: 200 }), {
      targets: [a, b],
    });
    bench.enqueue('e0');
    bench.clock.advance(1_000);
    const restart = () => {
      bench.restart({ targets: [b] });
      bench.clock.advance(60_000);
    };
    restart();
    expect(bench.store.values.has('1/queue/a')).toBe(true);
    isDown = false;
    restart();
    restart();
    expect(bench.store.values.has('1/queue/a')).toBe(false);
    expect(bench.wire.taken()).toEqual(['e0', 'e0']);
    expect(bench.forwarder.deadLetters()).toEqual([]);
  });

  it('sends what waits to a new address over a restart, too', () => {
    const moved = { ...a, url: 'http://127.0.0.1:4000/new' };
    const bench = setUpBench(({ target }) => (target.url === moved.url ? { answer: 200 } : 'black hole'), {
      targets: [a],
    });
    bench.enqueue('e0');
    bench.restart({ targets: [moved] });
    bench.clock.advance(1_000);
    expect(bench.wire.taken()).toEqual(['e0']);
    expect(bench.said('info')).toEqual([expect.stringContaining('new address')]);
  });

  it('changes nothing for an unchanged target, except for one attempt if it is paused', () => {
    const bench = setUpBench(() => ({ answer: 404 }), { targets: [a] });
    bench.enqueue('e0');
    bench.clock.advance(10_000);
    bench.forwarder.applyTargets([{ ...a }]);
    bench.clock.advance(10_000);
    expect(bench.wire.requests).toHaveLength(2);
    expect(bench.said('error')).toHaveLength(1);
  });

  it.each([false, true])(
    'turns what waits for a removed target into dead letters (over a restart: %s)',
    (overRestart) => {
      const bench = setUpBench(({ target }) => (target.name === 'a' ? 'black hole' : { answer: 200 }), {
        targets: [a, b],
      });
      for (const id of ['e0', 'e1', 'e2']) bench.enqueue(id);
      bench.clock.advance(1_000);
      if (overRestart) bench.restart({ targets: [b] });
      else bench.forwarder.applyTargets([b]);
      bench.clock.advance(1_000);
      expect(bench.forwarder.deadLetters('a').map(({ id, reason }) => [id, reason])).toEqual([
        ['e0', 'target removed'],
        ['e1', 'target removed'],
        ['e2', 'target removed'],
      ]);
      expect(bench.forwarder.status()).toMatchObject({ leaving: [], removed: [{ target: 'a', deadLetters: 3 }] });
      expect(bench.said('warn')).toContain(
        'A forwarding target was removed: its events become dead letters, which "sonorancad forward replay all <another target>" sends to another.',
      );
      expect([...bench.store.values.keys()].filter((key) => key.startsWith('1/event/'))).toEqual([]);
      expect(bench.forwarder.replay('all')).toBe(0);
      expect(bench.forwarder.replay('e1', 'b')).toBe(1);
      bench.clock.advance(1_000);
      expect(bench.wire.taken()).toEqual(['e0', 'e1', 'e2', 'e1.r1']);
      expect(bench.forwarder.replay('all', 'b')).toBe(2);
      bench.clock.advance(1_000);
      expect(bench.wire.taken().slice(4)).toEqual(['e0.r1', 'e2.r1']);
    },
  );

  it('gives a removed target that comes back what is left of its queue', () => {
    const bench = setUpBench(() => ({ fail: 'ECONNREFUSED' }), { targets: [a] });
    for (let n = 0; n < 130; n += 1) bench.enqueue(`e${n}`);
    bench.forwarder.applyTargets([]);
    bench.clock.advance(60);
    const deadLetters = bench.forwarder.deadLetters('a', 1_000).length;
    expect(deadLetters).toBe(100);
    bench.forwarder.applyTargets([a]);
    bench.clock.advance(10_000);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ queued: 30, deadLetters: 100 });
  });

  it('uses the first 32 targets only', () => {
    const many = Array.from({ length: 33 }, (_, n) => createTarget({ name: `t${n}` }));
    const bench = setUpBench(() => ({ answer: 200 }), { targets: many });
    expect(bench.forwarder.status().targets).toHaveLength(32);
    expect(bench.said('error')).toEqual([expect.stringContaining('32')]);
    bench.enqueue('e');
    bench.clock.advance(100);
    expect(bench.wire.requests).toHaveLength(32);
    bench.forwarder.applyTargets(Array.from({ length: 32 }, (_, n) => createTarget({ name: `other${n}` })));
    expect(bench.forwarder.status().targets.map(({ state }) => state)).toEqual(
      Array.from({ length: 32 }, () => 'open'),
    );
    expect(bench.forwarder.status().leaving).toEqual([]);
    expect(bench.said('warn')).toEqual([]);
  });

  it('demands answers from a non-responding target once requireResponse is set', () => {
    const bench = setUpBench(({ probe }) => (probe ? { answer: 400, body: 'Invalid Type' } : 'hang'), { targets: [a] });
    bench.enqueue('e0');
    bench.clock.advance(60_000);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ silent: true });
    bench.forwarder.applyTargets([{ ...a, requireResponse: true }]);
    bench.enqueue('e1');
    bench.clock.advance(60_000);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ silent: false, queued: 1 });
  });
});
