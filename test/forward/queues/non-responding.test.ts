import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { KEY, setUpBench } from '../forwarding-bench.ts';
import { type Behaviour, createTarget, documentedListener } from '../scripted-target.ts';

const listener = documentedListener(KEY, ['EVENT_911', 'EVENT_TONE']);

function ids(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, n) => `e${from + n}`);
}

/** A process that can be frozen, thawed and killed: what it was sent while frozen it takes when it thaws, or never. */
function setUpProcess(targets = [createTarget()]) {
  let isFrozen = false;
  let inHand: string[] = [];
  const handled: string[] = [];
  const bench = setUpBench(
    (attempt) => {
      const behaviour = listener(attempt);
      if (behaviour === 'hang') (isFrozen ? inHand : handled).push(attempt.event.id);
      return isFrozen ? 'hang' : behaviour;
    },
    { targets },
  );
  return {
    bench,
    handled,
    freeze() {
      isFrozen = true;
    },
    thaw() {
      isFrozen = false;
      handled.push(...inHand);
      inHand = [];
    },
    killAndStart() {
      isFrozen = false;
      inHand = [];
      bench.wire.reset();
    },
  };
}

describe('a listener that takes events and never answers', () => {
  it('gets each event once and in order, at 15 events a second or more', () => {
    const bench = setUpBench(listener);
    bench.enqueue('e0');
    bench.clock.advance(60_000);
    for (const id of ids(150, 1)) bench.enqueue(id);
    bench.clock.advance(10_000);
    expect(bench.wire.taken()).toEqual(ids(151));
    bench.clock.advance(60_000);
    expect(bench.wire.taken()).toHaveLength(151);
    expect(bench.forwarder.status().targets[0]).toMatchObject({
      silent: true,
      queued: 0,
      counts: { delivered: 151, unconfirmed: 151 },
    });
    expect([...bench.said('warn'), ...bench.said('error')]).toEqual([expect.stringContaining('never answers')]);
  });

  it('is sent a request at most every 20 ms, with at most ten events and a probe unanswered', () => {
    const bench = setUpBench(listener);
    for (const id of ids(30)) bench.enqueue(id);
    bench.clock.advance(60_000);
    // The first request and the probe after it find out that the target never answers.
    const times = bench.wire.requests.slice(2).map(({ at }) => at);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(20);
    expect(bench.wire.mostUnderWay).toBe(11);
  });

  it('has one line in the log about each event that it took', () => {
    const bench = setUpBench(listener);
    for (const id of ids(30)) bench.enqueue(id);
    bench.clock.advance(120_000);
    const unconfirmed = bench.log.lines.filter(({ fields }) => fields.next === 'unconfirmed');
    expect(unconfirmed.map(({ fields }) => fields.id)).toEqual(ids(29, 1));
  });

  it('is asked with the right key and an unknown type, every 10 events and after 30 s of quiet', () => {
    const bench = setUpBench(listener);
    for (const id of ids(45)) bench.enqueue(id);
    bench.clock.advance(120_000);
    const order = bench.wire.requests.map(({ attempt }) => (attempt.probe ? 'probe' : 'event'));
    const runs = order
      .join(' ')
      .split('probe')
      .map((run) => run.trim().split(' ').filter(Boolean).length);
    expect(runs).toEqual([1, 10, 10, 10, 10, 4, 0]);
    const probe = bench.wire.requests.find(({ attempt }) => attempt.probe);
    expect(JSON.parse(String(probe?.attempt.event.body))).toEqual({ key: KEY, type: 'SONORANCAD_PROBE', data: {} });
    expect(probe?.attempt.event.type).toBe('SONORANCAD_PROBE');
  });

  it('answers for types that it does not want, in between', () => {
    const bench = setUpBench(listener);
    for (const [n, id] of ids(20).entries()) bench.enqueue(id, { type: n % 2 === 0 ? 'EVENT_911' : 'EVENT_PANIC' });
    bench.clock.advance(120_000);
    expect(bench.forwarder.status().targets[0]).toMatchObject({
      queued: 0,
      deadLetters: 0,
      counts: { delivered: 10, unwanted: 10 },
    });
  });

  it('is not taken for one when it insists on being answered', () => {
    const bench = setUpBench(listener, { targets: [createTarget({ requireResponse: true })] });
    bench.enqueue('e0');
    bench.clock.advance(120_000);
    expect(bench.wire.requests.some(({ attempt }) => attempt.probe)).toBe(false);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ silent: false, queued: 1 });
  });

  it('is not taken for one when nothing answers the probe', () => {
    const bench = setUpBench(() => 'hang');
    bench.enqueue('e0');
    bench.clock.advance(30_000);
    expect(bench.wire.requests.some(({ attempt }) => attempt.probe)).toBe(true);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ silent: false, queued: 1, counts: { delivered: 0 } });
  });

  it('is not taken for one when the request did not go out whole', () => {
    const bench = setUpBench(({ probe }) => (probe ? { answer: 400, body: 'Invalid Type' } : 'black hole'));
    bench.enqueue('e0');
    bench.clock.advance(30_000);
    expect(bench.wire.requests.some(({ attempt }) => attempt.probe)).toBe(false);
  });

  it('is parked and told of when it has another key', () => {
    const bench = setUpBench(({ probe }) => (probe ? { answer: 400, body: 'Authentication Key Failed!' } : 'hang'));
    bench.enqueue('e0');
    bench.clock.advance(30_000);
    expect(bench.forwarder.status().targets[0]).toMatchObject({
      state: 'parked',
      queued: 1,
      advice: expect.stringContaining('API key'),
    });
  });

  it('is one no more when it answers 2xx', () => {
    let answers = false;
    const bench = setUpBench((attempt) => (answers && !attempt.probe ? { answer: 200 } : listener(attempt)));
    for (const id of ids(3)) bench.enqueue(id);
    bench.clock.advance(60_000);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ silent: true });
    answers = true;
    bench.enqueue('e3');
    bench.clock.advance(1_000);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ silent: false, queued: 0, counts: { delivered: 4 } });
    expect(bench.said('info')).toEqual([expect.stringContaining('answers after all')]);
    answers = false;
    bench.enqueue('e4');
    bench.clock.advance(60_000);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ silent: false, queued: 1 });
  });

  it('is known for one over a restart, and asked before the first event', () => {
    const bench = setUpBench(listener);
    bench.enqueue('e0');
    bench.clock.advance(60_000);
    bench.restart();
    const before = bench.wire.requests.length;
    bench.enqueue('e1');
    bench.clock.advance(5_000);
    expect(bench.wire.requests.slice(before).map(({ attempt }) => attempt.event.type)).toEqual([
      'SONORANCAD_PROBE',
      'EVENT_911',
    ]);
  });

  it.each(['before it was known for one', 'when it was known for one'])(
    'frozen, sent 40 events, killed and started again %s, gets all 40',
    (when) => {
      const { bench, handled, freeze, killAndStart } = setUpProcess();
      const wasKnown = when.startsWith('when');
      if (wasKnown) {
        bench.enqueue('e-first');
        bench.clock.advance(60_000);
        expect(bench.forwarder.status().targets[0]).toMatchObject({ silent: true });
      }
      freeze();
      for (const id of ids(40)) bench.enqueue(id);
      bench.clock.advance(20_000);
      killAndStart();
      bench.clock.advance(5 * 60_000);
      expect([...new Set(handled)]).toEqual([...(wasKnown ? ['e-first'] : []), ...ids(40)]);
      expect(bench.forwarder.status().targets[0]).toMatchObject({ queued: 0, state: 'open' });
    },
  );

  it.each([
    ['while it is sent to', 10, 3_000],
    ['after a while of quiet', 2, 15_000],
    ['when it has been found missing', 10, 100_000],
  ])('gets again what a process had in hand that dies %s', (_when, count, ms) => {
    const { bench, handled, freeze, killAndStart } = setUpProcess();
    bench.enqueue('e-first');
    bench.clock.advance(60_000);
    freeze();
    for (const id of ids(count)) bench.enqueue(id);
    bench.clock.advance(ms);
    expect(bench.wire.requests.length).toBeGreaterThan(count);
    killAndStart();
    bench.clock.advance(2 * 60_000);
    expect(new Set(handled)).toEqual(new Set(['e-first', ...ids(count)]));
  });

  it('gets every event at least once, however often it is frozen, thawed and killed', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('accept' as const), count: fc.integer({ min: 1, max: 25 }) }),
      fc.record({ do: fc.constant('wait' as const), count: fc.integer({ min: 1, max: 70_000 }) }),
      fc.record({
        do: fc.constantFrom('freeze' as const, 'thaw' as const, 'kill' as const, 'restart' as const),
        count: fc.constant(0),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25, size: 'max' }), (script) => {
        const { bench, handled, freeze, thaw, killAndStart } = setUpProcess();
        let sent = 0;
        for (const { do: what, count } of script) {
          if (what === 'accept') for (const id of ids(count, sent)) bench.enqueue(id);
          if (what === 'accept') sent += count;
          if (what === 'wait') bench.clock.advance(count);
          if (what === 'freeze') freeze();
          if (what === 'thaw') thaw();
          if (what === 'restart') bench.restart();
          // There is no telling a process that was killed while it was frozen and idle from one that never was.
          if (what === 'kill' && bench.wire.underWay > 0) killAndStart();
        }
        thaw();
        bench.clock.advance(50 * 60_000);
        expect(new Set(handled)).toEqual(new Set(ids(sent)));
        expect(bench.forwarder.status().targets[0]).toMatchObject({ queued: 0, deadLetters: 0 });
      }),
      { numRuns: 150 },
    );
  });
});

describe('a healthy bot with one slow answer', () => {
  it('is never taken for a non-responding target', () => {
    let slow = false;
    const bench = setUpBench((): Behaviour => ({ answer: 200, afterMs: slow ? 25_000 : 5 }));
    bench.enqueue('e0');
    bench.clock.advance(1_000);
    bench.restart();
    slow = true;
    bench.enqueue('e1');
    bench.clock.advance(11_000);
    slow = false;
    bench.clock.advance(30_000);
    expect(bench.wire.requests.some(({ attempt }) => attempt.probe)).toBe(false);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ silent: false, queued: 0 });
  });
});
