import { describe, expect, it } from '@jest/globals';
import type { PushEvent } from '../../src/events/push-event.ts';
import type { AttemptReport } from '../../src/forward/queues/attempt-log.ts';
import { History } from '../../src/inspector/history.ts';
import { createManualClock } from '../manual-clock.ts';

const eventNo = (no: number): PushEvent =>
  ({ id: `id-${no}`, type: 'EVENT_911', data: {}, receivedAt: no, source: 'http', valid: true }) as never;

function setUp(events = 0, bytes = 100) {
  const history = new History(createManualClock());
  for (let no = 1; no <= events; no += 1) history.add(eventNo(no), Buffer.alloc(bytes), 0);
  const kept = () => [...history.after(0)].map(({ seq }) => seq);
  return { history, kept };
}

const report = (id: string): AttemptReport => ({
  ...{ id, type: 'EVENT_911', attempt: 1, target: 'bot', next: 'delivered', isFailure: false },
  result: { kind: 'answered', status: 200, body: 'a'.repeat(4_096), retryAfterMs: null, ms: 1 },
});

describe('the history', () => {
  it('keeps the last 500 events', () => {
    const { history, kept } = setUp(1_234);
    expect([kept().length, kept()[0], kept().at(-1)]).toEqual([500, 735, 1_234]);
    expect(history.get(734)).toBeUndefined();
    expect(history.get(735)?.id).toBe('id-735');
    expect(history.find('id-734')).toBeUndefined();
    expect(history.get(1_235)).toBeUndefined();
  });

  it('keeps at most 4 MB, the newest of them', () => {
    const { kept } = setUp(100, 1024 * 1024);
    expect(kept()).toEqual([98, 99, 100]);
  });

  it('counts what is recorded of events, too', () => {
    const { history, kept } = setUp(500, 7_800);
    const before = kept().length;
    for (let round = 0; round < 20; round += 1) for (const seq of kept()) history.attempted(report(`id-${seq}`));
    expect(before).toBe(500);
    expect(kept().length).toBeLessThan(250);
    expect(kept().at(-1)).toBe(500);
  });

  it('says how many events are not kept any more', () => {
    const { history } = setUp(600);
    expect([history.missedAfter(0), history.missedAfter(100), history.missedAfter(550)]).toEqual([100, 0, 0]);
    expect(history.missedAfter(-1)).toBe(-1);
  });

  it('knows the attempts of an event and of its replays by target: the newest 20', () => {
    const { history } = setUp(1);
    history.attempted(report('id-1'));
    history.attempted(report('id-1.r2'));
    history.attempted(report('id-2'));
    const ids = () => history.get(1)?.attempts.map((attempt) => attempt.report.id);
    expect(ids()).toEqual(['id-1', 'id-1.r2']);
    for (let count = 0; count < 30; count += 1) history.attempted(report('id-1'));
    expect(ids()).toEqual(Array(20).fill('id-1'));
    const answer = history.get(1)?.attempts[0]?.report.result;
    expect(answer).toMatchObject({ body: 'a'.repeat(1_024) });
  });

  it('has bounds for subscribers and players of one event', () => {
    const { history } = setUp(1);
    for (let count = 0; count < 1_000; count += 1) {
      history.called(eventNo(1), { resource: 'one', form: 'event', ms: 1, failed: null });
      history.told('id-1', { by: 'event', what: 'x', players: [1] });
    }
    expect([history.get(1)?.subscribers.length, history.get(1)?.told.length]).toEqual([100, 50]);
  });

  it('goes on with its numbers after it was cleared', () => {
    const { history, kept } = setUp(10);
    history.clear();
    expect(kept()).toEqual([]);
    history.add(eventNo(11), Buffer.alloc(1), 0);
    expect(kept()).toEqual([11]);
  });
});
