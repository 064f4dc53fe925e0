import type { AttemptResult } from '../delivery.ts';
import { inWords, type NextStep } from './attempt-report.ts';
import { conclude, hasAnswered, setAside } from './conclude.ts';
import type { LaneContext } from './lane-context.ts';
import type { Sending } from './ordinary-sending.ts';
import { type QueueItem, SUSPECT_AFTER } from './queue-item.ts';
import type { LaneRequest } from './requests.ts';
import { isDue } from './scheduler.ts';
import { judge, type Verdict } from './verdict.ts';

/** From the last byte of one event to the first of the next. */
const SPACING_MS = 100;
const MAX_UNANSWERED = 4;
/** A request is not let go for the next one before the target had so long to answer it. */
const HOLD_MS = 1_000;
const unconfirmed = (): NextStep => ({ next: 'unconfirmed', isFailure: false });
/** Requests stay open for longer than any probe takes to come: when the listener's process dies, they tell. */
const OPEN_MS = 60_000;
const PROBE_EVERY = 20;
const PROBE_AFTER_QUIET_MS = 30_000;

/**
 * For listeners that take events and never answer. Every so often a probe asks whether the listener is there, and until
 * it was answered the events since the last one are not done with.
 *
 * @param mustProbe whether the listener has to be asked before the first event
 */
export function createSilentSending(context: LaneContext, mustProbe: boolean, answered: () => void): Sending {
  const { queue, outcomes, pace, requests, clock, report, wording } = context;
  /** Events since the last answered probe that nothing but the next one can tell about. */
  let unproven: QueueItem[] = [];
  let sentSinceProbe = 0;
  let lastWrittenAt = 0;
  let needsProbe = mustProbe;

  function next(now: number) {
    if (requests.open.some(({ item, writtenAt }) => item === null || writtenAt === null)) return;
    const wantsToSend = queue.waiting() !== null || queue.asides.length > 0;
    if (!wantsToSend && unproven.length === 0) return;
    if (!isDue(pace.waitUntil, now)) return context.wake(pace.waitUntil);
    if (pace.parked !== null || needsProbe || sentSinceProbe >= PROBE_EVERY) return probe();
    const spacedAt = lastWrittenAt + SPACING_MS;
    if (wantsToSend && !isDue(spacedAt, now)) return context.wake(spacedAt);
    if (wantsToSend && sendOne(now)) return;
    if (unproven.length === 0) return;
    const quietAt = lastWrittenAt + PROBE_AFTER_QUIET_MS;
    if (isDue(quietAt, now)) probe();
    else context.wake(quietAt);
  }

  /** @returns whether something was sent, or the lane is woken when it can be */
  function sendOne(now: number): boolean {
    const item = choose(now);
    if (item === null) {
      for (const aside of queue.asides) if (aside.state === 'waiting') context.wake(aside.dueAt);
      return false;
    }
    const [oldest] = requests.open;
    if (oldest !== undefined && requests.open.length >= MAX_UNANSWERED) {
      const heldUntil = (oldest.writtenAt ?? now) + HOLD_MS;
      if (!isDue(heldUntil, now)) {
        context.wake(heldUntil);
        return true;
      }
      letGo(oldest);
    }
    const record = outcomes.read(item);
    if (record === null) context.wake(now);
    else {
      sentSinceProbe += 1;
      unproven.push(item);
      requests.send(item, record, null, OPEN_MS);
    }
    return true;
  }

  function choose(now: number): QueueItem | null {
    const aside = queue.asides.find((item) => item.state === 'waiting' && isDue(item.dueAt, now));
    if (aside !== undefined) return aside;
    const head = queue.waiting();
    // Whether others are taken cannot be seen here, but the probes say that the listener is well.
    if (head === null || head.serverErrors < SUSPECT_AFTER) return head;
    setAside(context, head, now);
    return queue.waiting();
  }

  function letGo(request: LaneRequest): void {
    requests.cancel(request);
    if (request.item !== null) request.item.state = 'unconfirmed';
    const result = { kind: 'timeout', requestSent: true, ms: clock.monotonic() - (request.writtenAt ?? 0) } as const;
    report.tell(request, result, unconfirmed);
  }

  function probe() {
    while (requests.open[0] !== undefined && requests.open.length >= MAX_UNANSWERED) letGo(requests.open[0]);
    requests.probe(null);
  }

  function ended(request: LaneRequest, result: AttemptResult) {
    const verdict = judge(result, context.target().format, wording);
    const { item } = request;
    if (item === null) return report.tell(request, result, () => probed(verdict));
    if (result.kind === 'timeout' && result.requestSent) {
      item.state = 'unconfirmed';
      return report.tell(request, result, unconfirmed);
    }
    item.state = 'waiting';
    unproven = unproven.filter((other) => other !== item);
    // Without an answer the connection broke, and with it went what the listener may have had in hand.
    if (result.kind !== 'answered') putBack();
    if (verdict.kind !== 'delivered' && verdict.kind !== 'unwanted' && verdict.kind !== 'final') needsProbe = true;
    report.tell(request, result, () => conclude(context, request, item, verdict));
    if (verdict.kind === 'delivered') endMark();
  }

  function probed(verdict: Verdict): NextStep {
    const now = clock.monotonic();
    if (verdict.kind === 'unwanted' || verdict.kind === 'delivered') {
      confirm();
      pace.recover(now);
      if (verdict.kind === 'delivered') {
        hasAnswered(context);
        endMark();
      }
      return { next: 'what was sent has been taken', isFailure: false };
    }
    needsProbe = true;
    putBack();
    if (verdict.kind === 'refused')
      return { next: inWords(pace.refuse(now, verdict.reason, verdict.advice)), isFailure: true };
    if (verdict.kind === 'gone') {
      pace.gone(now, verdict.reason);
      return { next: inWords(Number.POSITIVE_INFINITY), isFailure: true };
    }
    const { reason } = verdict;
    const trouble = { reason, advice: verdict.kind === 'failure' ? verdict.advice : null };
    const wait = pace.fail(now, trouble, {
      counts: true,
      retryAfterMs: verdict.kind === 'failure' ? verdict.retryAfterMs : null,
    });
    pace.park(now, trouble);
    return { next: inWords(wait), isFailure: true };
  }

  /** The listener is there: what it was sent before, it has taken. */
  function confirm(): void {
    for (const request of requests.open) requests.cancel(request);
    for (const item of unproven)
      if (item.state === 'open' || item.state === 'unconfirmed') outcomes.deliver(item, false);
    unproven = [];
    sentSinceProbe = 0;
    needsProbe = false;
  }

  /** Nobody knows what became of them: they go again, under their own ids. */
  function putBack() {
    for (const request of requests.open) requests.cancel(request);
    for (const item of unproven) if (item.state === 'open' || item.state === 'unconfirmed') item.state = 'waiting';
    unproven = [];
    sentSinceProbe = 0;
  }

  /** It answers after all. What it has had for long it has taken; what is still open ends as with any other target. */
  function endMark() {
    for (const item of unproven) if (item.state === 'unconfirmed') outcomes.deliver(item, false);
    unproven = [];
    answered();
  }

  return {
    next,
    written() {
      lastWrittenAt = clock.monotonic();
    },
    ended,
  };
}
