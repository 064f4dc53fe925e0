import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DEFAULT_RETRIES } from '../../../src/forward/queues/pace.ts';
import { setUpBench } from '../forwarding-bench.ts';
import { type Behaviour, createTarget, DOWN } from '../scripted-target.ts';

/** Seconds between the ends of requests and the beginnings of the next. */
function pauses(bench: ReturnType<typeof setUpBench>): number[] {
  const times = bench.wire.requests.map(({ at }) => at);
  return times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) / 1_000));
}

describe('a queue whose target fails', () => {
  it('is tried after a quarter of a second, 2 seconds, and then every 4', () => {
    const bench = setUpBench(() => DOWN);
    bench.enqueue('e');
    bench.clock.advance(30_000);
    expect(pauses(bench)).toEqual([0, 2, 4, 4, 4, 4, 4, 4]);
  });

  it('is tried every 20 seconds once it has failed for five minutes', () => {
    const bench = setUpBench(() => DOWN);
    bench.enqueue('e');
    bench.clock.advance(306_000);
    const before = bench.wire.requests.length;
    bench.clock.advance(200_000);
    expect(new Set(pauses(bench).slice(before))).toEqual(new Set([20]));
  });

  it('repeats the only wait that is configured', () => {
    const bench = setUpBench(() => DOWN, { retries: { ...DEFAULT_RETRIES, waitsMs: [3_000] } });
    bench.enqueue('e');
    bench.clock.advance(20 * 60_000);
    expect(new Set(pauses(bench))).toEqual(new Set([3]));
  });

  it('is given a second of rest after an attempt that took longer than the wait', () => {
    const bench = setUpBench(() => 'black hole', { targets: [createTarget({ timeoutMs: 10_000 })] });
    bench.enqueue('e');
    bench.clock.advance(60_000);
    expect(pauses(bench)).toEqual([10, 11, 11, 11, 11]);
  });

  it('gets its first event within 5 s of its return after less than five minutes, else within 30 s', () => {
    const minutes = (from: number, to: number) => fc.integer({ min: from * 60_000, max: to * 60_000 });
    const form = fc.constantFrom<Behaviour>(DOWN, { answer: 503 }, { fail: 'ECONNRESET' });
    fc.assert(
      fc.property(fc.oneof(minutes(0, 5), minutes(5, 30)), form, fc.integer(), (outageMs, outage, seed) => {
        let state = seed;
        const random = () => {
          state = (state * 48_271 + 11) % 2_147_483_647;
          return Math.abs(state / 2_147_483_647);
        };
        const bench = setUpBench((_attempt, at) => (at < outageMs ? outage : { answer: 200 }), { random });
        bench.enqueue('e');
        bench.clock.advance(outageMs + 60_000);
        const delivered = bench.wire.requests.at(-1)?.at ?? Number.POSITIVE_INFINITY;
        expect(delivered - outageMs).toBeLessThan(outageMs < 300_000 ? 5_000 : 30_000);
        // The second attempt finds out whether the target is down, and all further ones are a second apart.
        const times = bench.wire.requests.slice(2).map(({ at }) => at);
        const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
        expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps its events in order and one request under way', () => {
    let isDown = true;
    const bench = setUpBench(() => (isDown ? { fail: 'ECONNREFUSED' } : { answer: 200, afterMs: 50 }));
    for (let n = 0; n < 5; n += 1) bench.enqueue(`e${n}`);
    bench.clock.advance(80_000);
    expect(new Set(bench.wire.requests.map(({ attempt }) => attempt.event.id))).toEqual(new Set(['e0']));
    isDown = false;
    bench.clock.advance(60_000);
    expect(bench.wire.taken()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4']);
    expect(bench.wire.mostUnderWay).toBe(1);
  });

  it('is parked from the tenth failure on, which is said once, and so is its end', () => {
    let behaviour: Behaviour = 'black hole';
    const bench = setUpBench(() => behaviour);
    for (let n = 0; n < 3; n += 1) bench.enqueue(`e${n}`);
    bench.clock.advance(4 * 40_000);
    expect(bench.wire.requests.length).toBeGreaterThanOrEqual(10);
    expect(bench.forwarder.status().targets[0]).toMatchObject({
      state: 'parked',
      reason: 'no answer in time',
      queued: 3,
    });
    bench.clock.advance(600_000);
    const parked = bench.log.lines.filter(({ level }) => level === 'error');
    expect(parked).toMatchObject([{ fields: { target: 'bot', waiting: 3 } }]);
    expect(bench.said('info')).toEqual([]);
    behaviour = { answer: 200 };
    bench.clock.advance(60_000);
    const resumed = bench.log.lines.filter(({ level }) => level === 'info');
    expect(resumed).toMatchObject([
      { message: expect.stringContaining('again'), fields: { target: 'bot', waiting: 2 } },
    ]);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ state: 'open', queued: 0 });
    behaviour = 'black hole';
    bench.enqueue('later');
    bench.clock.advance(10_100);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ state: 'waiting', failuresInARow: 1 });
  });

  it('waits as long as it is asked to, and never parks for that', () => {
    const bench = setUpBench(() => ({ answer: 429, retryAfterMs: 7_000 }));
    bench.enqueue('e');
    bench.clock.advance(100_000);
    expect(new Set(pauses(bench))).toEqual(new Set([7]));
    expect(bench.wire.requests.length).toBeGreaterThan(10);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ state: 'waiting' });
  });

  it('counts no attempt for a Discord webhook that asks for patience, and does not warn of it', () => {
    const bench = setUpBench(() => ({ answer: 429, retryAfterMs: 1_000 }), {
      targets: [createTarget({ format: 'discord' })],
    });
    bench.enqueue('e');
    bench.clock.advance(5_000);
    expect(new Set(bench.wire.requests.map(({ attempt }) => attempt.attempt))).toEqual(new Set([1]));
    expect(bench.said('warn')).toEqual([]);
  });

  it.each([
    [{ answer: 401 }, 'credentials'],
    [{ answer: 302 }, 'another address'],
    [{ answer: 405 }, 'path'],
    [{ answer: 400, body: 'Authentication Key Failed!' }, 'API key'],
    [{ fail: 'DEPTH_ZERO_SELF_SIGNED_CERT', certificate: true }, 'certificate'],
  ] satisfies [Behaviour, string][])(
    'parks at once when %j, says what to mend, and looks every minute',
    (behaviour, advice) => {
      const bench = setUpBench(() => behaviour);
      bench.enqueue('e0');
      bench.enqueue('e1');
      bench.clock.advance(10 * 60_000);
      expect(new Set(pauses(bench))).toEqual(new Set([60]));
      expect(bench.said('error')).toEqual([expect.stringContaining(advice)]);
      expect(bench.forwarder.status().targets[0]).toMatchObject({
        state: 'parked',
        queued: 2,
        advice: expect.stringContaining(advice),
      });
    },
  );

  it('parks for good when the target says that it is gone, until the operator asks for an attempt', () => {
    const bench = setUpBench(() => ({ answer: 410 }));
    bench.enqueue('e');
    bench.clock.advance(50 * 60_000);
    expect(bench.wire.requests).toHaveLength(1);
    expect(bench.forwarder.retry('bot')).toBe(true);
    bench.clock.advance(10);
    expect(bench.wire.requests).toHaveLength(2);
    expect(bench.forwarder.retry('nobody')).toBe(false);
  });

  it('tells of each attempt in one line: the first failure of a row as a warning, the rest for debugging', () => {
    const script: Behaviour[] = [{ answer: 503 }, { fail: 'ECONNRESET' }, { answer: 200 }];
    const bench = setUpBench(() => script.shift() ?? { answer: 200 });
    bench.enqueue('e1', { type: 'EVENT_TONE' });
    bench.clock.advance(60_000);
    const common = { id: 'e1', type: 'EVENT_TONE', target: 'bot', ms: expect.any(Number) };
    expect(bench.log.lines).toMatchObject([
      { level: 'warn', fields: { ...common, status: 503, attempt: 1, next: 'again in 0.3 s' } },
      { level: 'debug', fields: { ...common, error: 'ECONNRESET', attempt: 2, next: 'again in 2.0 s' } },
      { level: 'debug', fields: { ...common, status: 200, attempt: 3, next: 'delivered' } },
    ]);
  });

  it('warns of the first failure only, and of the pause before the attempt that led to it', () => {
    let isDown = true;
    const bench = setUpBench(() => (isDown ? { fail: 'ECONNREFUSED' } : { answer: 200 }));
    bench.enqueue('e0');
    bench.clock.advance(600_000);
    isDown = false;
    bench.clock.advance(60_000);
    isDown = true;
    bench.enqueue('e1');
    bench.clock.advance(1_000);
    const seen = bench.log.lines.filter(({ level }) => level !== 'debug');
    expect(seen.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'warn: An event could not be forwarded.',
      'error: A forwarding target does not answer as it should. Its events wait. Nothing listens at that address and port: start the web server, or correct the URL.',
      'info: A forwarding target takes events again.',
      'warn: An event could not be forwarded.',
    ]);
    const parked = bench.log.lines.findIndex(({ level }) => level === 'error');
    expect(bench.log.lines[parked + 1]?.fields).toMatchObject({ attempt: 10, error: 'ECONNREFUSED' });
    const back = bench.log.lines.findIndex(({ level }) => level === 'info');
    expect(bench.log.lines[back + 1]?.fields).toMatchObject({ next: 'delivered' });
  });

  it('warns again in a row of failures that began with being asked for patience', () => {
    const script: Behaviour[] = [{ answer: 429, retryAfterMs: 1_000 }, { fail: 'ECONNRESET' }, { fail: 'ECONNRESET' }];
    const bench = setUpBench(() => script.shift() ?? { answer: 200 }, {
      targets: [createTarget({ format: 'discord' })],
    });
    bench.enqueue('e');
    bench.clock.advance(60_000);
    expect(bench.log.lines.map(({ level }) => level)).toEqual(['debug', 'warn', 'debug', 'debug']);
  });

  it('says how it is doing: what went wrong last, whether it was ever reached, what it refused', () => {
    let behaviour: Behaviour = { fail: 'ENOTFOUND' };
    const bench = setUpBench(() => behaviour);
    const status = () => bench.forwarder.status().targets[0];
    expect(status()).toMatchObject({ reason: null, advice: null, reached: false, refusals: null });
    bench.enqueue('e0');
    bench.clock.advance(1_000);
    const advice = expect.stringContaining('correct the URL');
    expect(status()).toMatchObject({ state: 'waiting', reason: 'ENOTFOUND', advice, reached: false });
    behaviour = { answer: 422 };
    for (const id of ['e1', 'e2']) bench.enqueue(id);
    bench.clock.advance(60_000);
    const refusals = { count: 3, reason: 'answered 422' };
    expect(status()).toMatchObject({ reason: null, advice: null, reached: true, refusals });
    behaviour = { answer: 200 };
    bench.enqueue('e3');
    bench.clock.advance(1_000);
    expect(status()).toMatchObject({ reason: null, reached: true, refusals: null });
    bench.forwarder.applyTargets([createTarget({ url: 'http://127.0.0.1:4000/new' })]);
    expect(status()).toMatchObject({ reached: false });
  });

  it('tells of each refused event in one line that the operator sees', () => {
    const bench = setUpBench(() => ({ answer: 422 }));
    for (const id of ['e1', 'e2']) bench.enqueue(id);
    bench.clock.advance(1_000);
    const given = 'An event was given up on; "sonorancad forward replay <id>" sends it again.';
    expect(bench.log.lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', given],
      ['debug', 'An event could not be forwarded.'],
      ['warn', given],
      ['debug', 'An event could not be forwarded.'],
    ]);
  });

  it('does not hold up other targets', () => {
    const bench = setUpBench(({ target }) => (target.name === 'hung' ? 'black hole' : { answer: 200 }), {
      targets: [createTarget({ name: 'hung' }), createTarget({ name: 'well' })],
    });
    for (let n = 0; n < 20; n += 1) bench.enqueue(`e${n}`);
    bench.clock.advance(1_000);
    expect(bench.wire.taken()).toHaveLength(20);
  });
});
