import type { AttemptResult, Outcome } from '../delivery.ts';
import { isDue } from '../scheduler.ts';
import { inWords, type NextStep, UNCONFIRMED } from './attempt-log.ts';
import { failureFor } from './outcomes.ts';
import { DEFER_AFTER, type QueuedEvent } from './queued-events.ts';
import { type OpenAttempt, type Sender, Sending } from './sending.ts';

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
 * For non-responding targets, which take events and never answer. A probe asks from time to time whether the target is there; until
 * it is answered, the events since the last one stay in the queue.
 */
export class UnansweredSending extends Sending {
  /** The events since the last answered probe: only the next one tells whether they were taken. */
  #unproven: QueuedEvent[] = [];
  #lastWrittenAt = 0;
  #needsProbe: boolean;

  /** @param mustProbe whether the target has to be asked before the first event */
  constructor(sender: Sender, mustProbe: boolean) {
    super(sender);
    this.#needsProbe = mustProbe;
  }

  next(now: number) {
    const { queue, pace, attempts } = this.sender;
    if (attempts.open.some(({ item, writtenAt }) => item === null || writtenAt === null)) return;
    const wantsToSend = queue.waiting() !== null || queue.deferred.length > 0;
    if (!wantsToSend && this.#unproven.length === 0) return;
    if (!isDue(pace.known.waitUntil, now)) return this.sender.wake(pace.known.waitUntil);
    const spacedAt = this.#lastWrittenAt + SPACING_MS;
    if (!isDue(spacedAt, now)) return this.sender.wake(spacedAt);
    if (pace.isPaused || this.#needsProbe || this.#unproven.length >= PROBE_EVERY) return attempts.probe(null);
    if (wantsToSend && this.#sendOne(now)) return;
    if (this.#unproven.length === 0) return;
    const quietAt = this.#lastWrittenAt + PROBE_AFTER_QUIET_MS;
    if (isDue(quietAt, now)) attempts.probe(null);
    else this.sender.wake(quietAt);
  }

  override written(): void {
    this.#lastWrittenAt = this.sender.services.clock.monotonic();
  }

  ended(attempt: OpenAttempt, result: AttemptResult) {
    const outcome = this.outcome(result);
    const { item } = attempt;
    if (item === null) return this.#probed(attempt, result, outcome);
    if (result.kind === 'timeout' && result.requestSent) {
      item.state = 'unconfirmed';
      return this.finish(attempt, result, unconfirmed);
    }
    item.state = 'waiting';
    this.#unproven = this.#unproven.filter((other) => other !== item);
    // Without an answer the connection broke, and with it went what the target may have had in hand.
    if (result.kind !== 'answered') this.#putBack();
    if (outcome.kind === 'failure' || outcome.kind === 'refused') this.#needsProbe = true;
    this.finish(attempt, result, () => this.apply(outcome, attempt, item));
    if (outcome.kind === 'delivered') this.#switchToOrder();
  }

  /** @returns whether something was sent, or the sender is woken when it can be */
  #sendOne(now: number): boolean {
    const { queue, attempts } = this.sender;
    const item = this.#choose(now);
    if (item === null) {
      for (const deferred of queue.deferred) if (deferred.state === 'waiting') this.sender.wake(deferred.dueAt);
      return false;
    }
    const record = queue.read(item);
    if (record === null) this.sender.wake(now);
    else {
      this.#unproven.push(item);
      attempts.send(item, record, null, OPEN_MS);
    }
    return true;
  }

  #choose(now: number): QueuedEvent | null {
    const { queue } = this.sender;
    const deferred = queue.deferred.find((item) => item.state === 'waiting' && isDue(item.dueAt, now));
    if (deferred !== undefined) return deferred;
    const head = queue.waiting();
    // Whether others are taken cannot be seen here, but the probes say that the target is well.
    if (head === null || head.serverErrors < DEFER_AFTER) return head;
    queue.defer(head, now);
    return queue.waiting();
  }

  #probed(probe: OpenAttempt, result: AttemptResult, outcome: Outcome): void {
    const isThere = outcome.kind === 'unwanted' || outcome.kind === 'delivered';
    if (isThere) this.#confirm();
    else this.#putBack();
    this.#needsProbe = !isThere;
    this.finish(probe, result, () => this.#applyProbe(outcome, probe));
    if (outcome.kind === 'delivered') this.#switchToOrder();
  }

  #applyProbe(outcome: Outcome, { startedAt }: OpenAttempt): NextStep {
    const { pace, services } = this.sender;
    const now = services.clock.monotonic();
    if (outcome.kind === 'unwanted' || outcome.kind === 'delivered') {
      pace.recover(now);
      if (outcome.kind === 'delivered') this.rememberAnswer();
      return { next: 'what was sent has been taken', isFailure: false };
    }
    if (outcome.kind === 'refused') return { next: inWords(pace.refuse(now, outcome)), isFailure: true };
    // Any other answer is about the target, because a probe is no event.
    const { reason, advice, retryAfterMs } = { advice: null, retryAfterMs: null, ...outcome };
    const failure = failureFor(reason, advice, { retryAfterMs });
    const wait = pace.fail(now, failure, startedAt);
    pace.pause(now, failure);
    return { next: inWords(wait), isFailure: true };
  }

  /** The target is there, so it has taken the events that it was sent before the probe. */
  #confirm(): void {
    const { attempts, queue, services } = this.sender;
    for (const attempt of attempts.open) {
      attempts.cancel(attempt);
      if (attempt.item !== null) attempt.item.state = 'unconfirmed';
      const ms = services.clock.monotonic() - (attempt.writtenAt ?? 0);
      this.finish(attempt, { kind: 'timeout', requestSent: true, ms }, unconfirmed);
    }
    for (const item of this.#unproven) if (item.state === 'unconfirmed') queue.leaveUnconfirmed(item);
    this.#unproven = [];
  }

  /** The target may have lost the events since the last answered probe: they are sent again, under their own ids. */
  #putBack(): void {
    const { attempts } = this.sender;
    for (const attempt of attempts.open) attempts.putBack(attempt);
    for (const item of this.#unproven) if (item.state === 'unconfirmed') item.state = 'waiting';
    this.#unproven = [];
  }

  /** The target answers after all. It has taken what it has had for long; what is still open ends as with any other target. */
  #switchToOrder(): void {
    for (const item of this.#unproven) if (item.state === 'unconfirmed') this.sender.queue.leaveUnconfirmed(item);
    this.#unproven = [];
    this.sender.setResponding(true);
  }
}
