import { describe, expect, it } from '@jest/globals';
import type { AttemptReport } from '../../src/forward/queues/attempt-log.ts';
import { Measurements } from '../../src/inspector/measurements.ts';
import { createManualClock } from '../manual-clock.ts';

const MINUTE = 60_000;

function setUp() {
  const clock = createManualClock();
  const measurements = new Measurements(clock);
  const attempted = (report: Partial<AttemptReport>) =>
    measurements.attempted({
      id: 'id',
      type: 'EVENT_911',
      attempt: 1,
      target: 'bot',
      next: 'delivered',
      isFailure: false,
      result: { kind: 'answered', status: 200, body: 'ok', retryAfterMs: null, ms: 10 },
      ...report,
    });
  const received = (type: string) => measurements.received({ type, source: 'http' } as never);
  return { clock, measurements, attempted, received };
}

describe('the measurements', () => {
  it('count events of the last hour by type and minute, and forget those of before', () => {
    const { clock, measurements, received } = setUp();
    received('EVENT_911');
    clock.advance(MINUTE);
    received('EVENT_911');
    received('EVENT_911');
    received('EVENT_TONE');
    const counts = (type: string) => measurements.series().events.find((row) => row.type === type)?.counts ?? [];
    expect(measurements.series().events.map(({ type }) => type)).toEqual(['EVENT_911', 'EVENT_TONE']);
    expect(counts('EVENT_911').slice(-3)).toEqual([0, 1, 2]);
    clock.advance(59 * MINUTE);
    expect(counts('EVENT_911')).toEqual([2, ...Array(59).fill(0)]);
    clock.advance(MINUTE);
    expect(measurements.series().events).toEqual([]);
    received('EVENT_911');
    expect(counts('EVENT_911')).toEqual([...Array(59).fill(0), 1]);
    clock.advance(1_000 * MINUTE);
    expect(measurements.series().events).toEqual([]);
  });

  it('say when the first of the 60 minutes began', () => {
    const { clock, measurements } = setUp();
    clock.advance(MINUTE + 1_500);
    expect(measurements.series().from).toBe(clock.now() - 1_500 - 59 * MINUTE);
  });

  it('count all types that the catalogue does not know as one', () => {
    const { measurements, received } = setUp();
    for (let at = 0; at < 1_000; at += 1) received(`EVENT_MADE_UP_${at}`);
    expect(measurements.totals().events).toEqual([{ type: 'other', source: 'http', count: 1_000 }]);
    expect(measurements.series().events).toHaveLength(1);
  });

  it('count refusals by reason', () => {
    const { measurements } = setUp();
    measurements.refused('wrong-key');
    measurements.refused('late');
    measurements.refused('wrong-key');
    expect(measurements.totals().refused).toEqual([
      { reason: 'wrong-key', count: 2 },
      { reason: 'late', count: 1 },
    ]);
    expect(measurements.series().refused[0]).toMatchObject({ reason: 'wrong-key' });
  });

  it('count attempts at a target by outcome, and how long they took', () => {
    const { measurements, attempted } = setUp();
    attempted({});
    attempted({ result: { kind: 'answered', status: 500, body: 'no', retryAfterMs: null, ms: 40 }, isFailure: true });
    attempted({ result: { kind: 'timeout', requestSent: true, ms: 100 }, isFailure: true });
    attempted({ result: { kind: 'failed', code: 'ECONNREFUSED', certificate: false, ms: 2 }, isFailure: true });
    const [bot] = measurements.series().targets;
    const now = Object.fromEntries(Object.entries(bot?.outcomes ?? {}).map(([name, counts]) => [name, counts.at(-1)]));
    expect(now).toEqual({ answered: 1, refused: 1, timeout: 1, failed: 1 });
    expect([bot?.meanMs.at(-1), bot?.longestMs.at(-1)]).toEqual([38, 100]);
  });

  it('count an answer by which a target says that it does not want such events as an answer', () => {
    const { measurements, attempted } = setUp();
    attempted({ result: { kind: 'answered', status: 404, body: '', retryAfterMs: null, ms: 1 }, next: 'unwanted' });
    expect(measurements.totals().attempts).toContainEqual({ target: 'bot', outcome: 'answered', count: 1 });
  });

  it('count what a target takes in silence as taken, and not for how long it was waited', () => {
    const { measurements, attempted } = setUp();
    const watched: number[] = [];
    measurements.watcher = { dispatched() {}, attempted: (_target, ms) => void watched.push(ms) };
    attempted({});
    attempted({ result: { kind: 'timeout', requestSent: true, ms: 60_000 }, next: 'unconfirmed' });
    expect(measurements.totals().attempts).toContainEqual({ target: 'bot', outcome: 'answered', count: 2 });
    const [bot] = measurements.series().targets;
    expect([bot?.meanMs.at(-1), bot?.longestMs.at(-1), watched]).toEqual([10, 10, [10]]);
  });

  it('keep the last failure of a target for an hour, and no more of its answer than is shown', () => {
    const { clock, measurements, attempted } = setUp();
    const result = { kind: 'answered', status: 500, body: 'x'.repeat(4_096), retryAfterMs: null, ms: 1 } as const;
    attempted({ result, isFailure: true });
    attempted({});
    expect(measurements.lastFailure('bot')?.report.result).toEqual({ ...result, body: 'x'.repeat(1_024) });
    clock.advance(60 * MINUTE);
    expect(measurements.lastFailure('bot')).toBeNull();
  });

  it('have a bound for targets, too', () => {
    const { measurements, attempted } = setUp();
    for (let at = 0; at < 1_000; at += 1) attempted({ target: `target-${at}` });
    expect(measurements.series().targets.length).toBeLessThanOrEqual(101);
    expect(measurements.totals().attempts).toContainEqual({ target: 'other', outcome: 'answered', count: 900 });
  });
});
