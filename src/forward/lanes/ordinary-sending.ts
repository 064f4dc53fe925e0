import type { AttemptResult } from '../delivery.ts';
import type { NextStep } from './attempt-report.ts';
import { conclude, hasAnswered } from './conclude.ts';
import type { LaneContext } from './lane-context.ts';
import { type QueueItem, SUSPECT_AFTER } from './queue-item.ts';
import type { LaneRequest } from './requests.ts';
import { isDue } from './scheduler.ts';
import { judge, type Verdict } from './verdict.ts';

/** One way of sending a lane's events. */
export interface Sending {
  /** Sends what may be sent now, and has the lane woken for what may be sent later. */
  next(now: number): void;
  /** The last byte of a request was handed to the system. */
  written(request: LaneRequest): void;
  ended(request: LaneRequest, result: AttemptResult): void;
}

/** Events that cannot be read are passed over; so many at most in one turn. */
const MAX_PASSED_OVER = 50;

/** One request at a time, in order; the next one when it was answered. */
export function createOrdinarySending(context: LaneContext, turnedSilent: () => void): Sending {
  const { queue, outcomes, pace, requests, clock, report, wording } = context;

  function next(now: number) {
    if (requests.open.length > 0) return;
    if (!isDue(pace.waitUntil, now)) return context.wake(pace.waitUntil);
    for (let passedOver = 0; passedOver < MAX_PASSED_OVER; passedOver += 1) {
      const candidate = choose(now);
      if (candidate === null) return;
      const record = outcomes.read(candidate.item);
      if (record === null) continue;
      requests.send(candidate.item, record, candidate.suspect, context.target().timeoutMs);
      return;
    }
    context.wake(now);
  }

  function choose(now: number): { item: QueueItem; suspect: QueueItem | null } | null {
    const aside = earliest(queue.asides);
    const asideIsDue = aside !== null && isDue(aside.dueAt, now);
    if (asideIsDue && pace.failures === 0) return { item: aside, suspect: null };
    const head = queue.waiting();
    if (head === null) {
      if (aside !== null && (asideIsDue || pace.parked !== null)) return { item: aside, suspect: null };
      if (aside !== null) context.wake(aside.dueAt);
      return null;
    }
    const second = head.serverErrors >= SUSPECT_AFTER ? queue.waiting(1) : null;
    return second === null ? { item: head, suspect: null } : { item: second, suspect: head };
  }

  function ended(request: LaneRequest, result: AttemptResult) {
    const verdict = judge(result, context.target().format, wording);
    const { item } = request;
    if (item === null) return probed(request, result, verdict);
    item.state = 'waiting';
    if (mayBeSilent(result)) {
      // Whether it is a listener that never answers, or one that is frozen: an answer to the probe tells.
      item.state = 'open';
      report.tell(request, result, () => ({ next: 'probe', isFailure: false }));
      return requests.probe(request);
    }
    report.tell(request, result, () => conclude(context, request, item, verdict));
  }

  /** The event went out whole, to a target that has never answered any. */
  function mayBeSilent(result: AttemptResult): boolean {
    const { requireResponse, format } = context.target();
    const isMute = result.kind === 'timeout' && result.requestSent;
    return isMute && !queue.facts.answered && !requireResponse && format === 'payload';
  }

  function probed(request: LaneRequest, result: AttemptResult, verdict: Verdict) {
    const first = request.onBehalfOf;
    const item = first?.item ?? null;
    if (first === null || item === null || item.state !== 'open') return;
    item.state = 'waiting';
    if (verdict.kind === 'unwanted') {
      report.tell(request, result, () => takenInSilence(item));
      return turnedSilent();
    }
    if (verdict.kind === 'delivered') hasAnswered(context);
    const isForTheTarget = verdict.kind === 'refused' || verdict.kind === 'gone';
    const timeout = judge({ kind: 'timeout', requestSent: true, ms: 0 }, 'payload', wording);
    report.tell(request, result, () => conclude(context, first, item, isForTheTarget ? verdict : timeout));
  }

  function takenInSilence(item: QueueItem): NextStep {
    outcomes.deliver(item, false);
    pace.recover(clock.monotonic());
    return { next: 'the listener takes events without an answer', isFailure: false };
  }

  return { next, written() {}, ended };
}

function earliest(asides: readonly QueueItem[]): QueueItem | null {
  return asides.reduce<QueueItem | null>(
    (first, aside) =>
      aside.state === 'waiting' && aside.dueAt < (first?.dueAt ?? Number.POSITIVE_INFINITY) ? aside : first,
    null,
  );
}
