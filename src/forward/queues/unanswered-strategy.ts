import type { AttemptResult, Outcome } from '../delivery.ts';
import { isDue } from '../scheduler.ts';
import { applyOutcome, rememberAnswer } from './apply-outcome.ts';
import { inWords, type NextStep, UNCONFIRMED } from './attempt-log.ts';
import { failureFor } from './outcomes.ts';
import { DEFER_AFTER, type QueuedEvent } from './queued-events.ts';
import type { Consequence, Move, OpenAttempt, SendingState, SendingStrategy } from './sending-state.ts';

/** From the last byte of one request to the first of the next: each goes over a connection of its own. */
const SPACING_MS = 20;
/**
 * Events after which a probe goes out. Their requests stay open until it is answered: if the target's process dies, the
 * connections break, and the events are sent again.
 */
const PROBE_EVERY = 10;
/** Deadline of an open request, longer than the time between probes. */
const OPEN_MS = 60_000;
const PROBE_AFTER_QUIET_MS = 30_000;

const unconfirmed = (): NextStep => ({ next: UNCONFIRMED, isFailure: false });

/**
 * For non-responding targets, which take events and never answer. A probe asks from time to time whether the target is
 * there. Until it is answered, the events since the last one stay in the queue.
 */
export class UnansweredStrategy implements SendingStrategy {
  readonly #state: SendingState;
  /** The events since the last answered probe: only the next one tells whether they were taken. */
  #unproven: QueuedEvent[] = [];
  #needsProbe: boolean;

  /** @param mustProbe whether the target has to be asked before the first event */
  constructor(state: SendingState, mustProbe: boolean) {
    this.#state = state;
    this.#needsProbe = mustProbe;
  }

  nextMove(now: number): Move {
    const { queue, pace, open, lastWrittenAt } = this.#state;
    const isIdle = queue.waiting() === null && queue.deferred.length === 0 && this.#unproven.length === 0;
    if (isIdle || open.some(({ item, writtenAt }) => item === null || writtenAt === null)) {
      return { kind: 'wait', until: Number.POSITIVE_INFINITY };
    }
    const dueAt = Math.max(pace.known.waitUntil, lastWrittenAt + SPACING_MS);
    if (!isDue(dueAt, now)) return { kind: 'wait', until: dueAt };
    if (pace.isPaused || this.#needsProbe || this.#unproven.length >= PROBE_EVERY) return { kind: 'probe' };
    const item = this.#choose(now);
    if (item !== null) {
      this.#unproven.push(item);
      return { kind: 'send', item, passedOver: null, deadlineMs: OPEN_MS };
    }
    const quietAt = this.#unproven.length === 0 ? Number.POSITIVE_INFINITY : lastWrittenAt + PROBE_AFTER_QUIET_MS;
    if (isDue(quietAt, now)) return { kind: 'probe' };
    const deferred = queue.deferred.filter(({ state }) => state === 'waiting');
    return { kind: 'wait', until: Math.min(quietAt, ...deferred.map((each) => each.dueAt)) };
  }

  ended(attempt: OpenAttempt, result: AttemptResult): Consequence | null {
    const state = this.#state;
    const outcome = state.outcomeOf(result);
    const { item } = attempt;
    if (item === null) return this.#probed(attempt, result, outcome);
    if (result.kind === 'timeout' && result.requestSent) {
      item.state = 'unconfirmed';
      state.finish(attempt, result, unconfirmed);
      return null;
    }
    item.state = 'waiting';
    this.#unproven = this.#unproven.filter((other) => other !== item);
    // The connection broke: the target may have lost everything that it had in hand.
    if (result.kind !== 'answered') this.#putBack();
    if (outcome.kind === 'failure' || outcome.kind === 'refused') this.#needsProbe = true;
    state.finish(attempt, result, () => applyOutcome(state, outcome, attempt, item));
    return outcome.kind === 'delivered' ? this.#switchToOrder() : null;
  }

  #choose(now: number): QueuedEvent | null {
    const { queue } = this.#state;
    const deferred = queue.deferred.find((item) => item.state === 'waiting' && isDue(item.dueAt, now));
    if (deferred !== undefined) return deferred;
    const head = queue.waiting();
    // Without answers nothing shows that the target takes other events, but the probes say that it is well.
    if (head === null || head.serverErrors < DEFER_AFTER) return head;
    queue.defer(head, now);
    return queue.waiting();
  }

  #probed(probe: OpenAttempt, result: AttemptResult, outcome: Outcome): Consequence | null {
    const isThere = outcome.kind === 'unwanted' || outcome.kind === 'delivered';
    if (isThere) this.#confirm();
    else this.#putBack();
    this.#needsProbe = !isThere;
    this.#state.finish(probe, result, () => this.#applyProbe(outcome, probe));
    return outcome.kind === 'delivered' ? this.#switchToOrder() : null;
  }

  #applyProbe(outcome: Outcome, { startedAt }: OpenAttempt): NextStep {
    const { pace, services } = this.#state;
    const now = services.clock.monotonic();
    if (outcome.kind === 'unwanted' || outcome.kind === 'delivered') {
      pace.recover(now);
      if (outcome.kind === 'delivered') rememberAnswer(this.#state);
      return { next: 'what was sent has been taken', isFailure: false };
    }
    if (outcome.kind === 'refused') {
      return { next: inWords(pace.refuse(now, outcome)), isFailure: true, isQuiet: true };
    }
    // Any other answer is about the target, because a probe is no event.
    const { reason, advice, retryAfterMs } = { advice: null, retryAfterMs: null, ...outcome };
    const failure = failureFor(reason, advice, { retryAfterMs });
    const wait = pace.fail(now, failure, startedAt);
    pace.pause(now, failure);
    return { next: inWords(wait), isFailure: true };
  }

  /** The target is there, so it has taken the events that it was sent before the probe. */
  #confirm(): void {
    const { open, queue, services } = this.#state;
    for (const attempt of open) {
      this.#state.cancel(attempt);
      if (attempt.item !== null) attempt.item.state = 'unconfirmed';
      const ms = services.clock.monotonic() - (attempt.writtenAt ?? 0);
      this.#state.finish(attempt, { kind: 'timeout', requestSent: true, ms }, unconfirmed);
    }
    for (const item of this.#unproven) if (item.state === 'unconfirmed') queue.leaveUnconfirmed(item);
    this.#unproven = [];
  }

  /** The target may have lost the events since the last answered probe: they are sent again, under their own ids. */
  #putBack(): void {
    for (const attempt of this.#state.open) this.#state.putBack(attempt);
    for (const item of this.#unproven) if (item.state === 'unconfirmed') item.state = 'waiting';
    this.#unproven = [];
  }

  /**
   * The target answers after all. It has taken what it has had for long; what is still open ends as with any other
   * target.
   */
  #switchToOrder(): Consequence {
    for (const item of this.#unproven) if (item.state === 'unconfirmed') this.#state.queue.leaveUnconfirmed(item);
    this.#unproven = [];
    return { kind: 'responding', isResponding: true };
  }
}
