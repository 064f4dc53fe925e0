import type { AttemptResult } from '../delivery.ts';
import { isDue } from '../scheduler.ts';
import { inWords, type NextStep } from './attempt-log.ts';
import type { OpenAttempt } from './attempts.ts';
import { DEFER_AFTER, type QueuedEvent } from './delivery-queue.ts';
import type { Outcome } from './outcomes.ts';
import { retryWait } from './pace.ts';
import { Sending, type SendingParts } from './sending.ts';

/** From the last byte of one event to the first of the next. */
const SPACING_MS = 100;
const MAX_UNANSWERED = 4;
/** A request is not let go for the next one before the target had so long to answer it. */
const HOLD_MS = 1_000;
/** Requests stay open for longer than any probe takes to come: when the target's process dies, they tell. */
const OPEN_MS = 60_000;
const PROBE_EVERY = 20;
const PROBE_AFTER_QUIET_MS = 30_000;

const unconfirmed = (): NextStep => ({ next: 'unconfirmed', isFailure: false });
const isUnsure = ({ state }: QueuedEvent): boolean => state === 'sending' || state === 'unconfirmed';

/**
 * For non-responding targets, which take events and never answer. Every so often a probe asks whether the target is there, and until
 * it was answered the events since the last one stay in the queue.
 */
export class UnansweredSending extends Sending {
  /** Events since the last answered probe that nothing but the next one can tell about. */
  #unproven: QueuedEvent[] = [];
  #sentSinceProbe = 0;
  #lastWrittenAt = 0;
  #needsProbe: boolean;

  /** @param mustProbe whether the target has to be asked before the first event */
  constructor(parts: SendingParts, mustProbe: boolean) {
    super(parts);
    this.#needsProbe = mustProbe;
  }

  next(now: number) {
    const { queue, pace, attempts } = this.parts;
    if (attempts.open.some(({ item, writtenAt }) => item === null || writtenAt === null)) return;
    const wantsToSend = queue.waiting() !== null || queue.deferred.length > 0;
    if (!wantsToSend && this.#unproven.length === 0) return;
    if (!isDue(pace.known.waitUntil, now)) return this.parts.wake(pace.known.waitUntil);
    if (pace.isPaused || this.#needsProbe || this.#sentSinceProbe >= PROBE_EVERY) return this.#probe();
    const spacedAt = this.#lastWrittenAt + SPACING_MS;
    if (wantsToSend && !isDue(spacedAt, now)) return this.parts.wake(spacedAt);
    if (wantsToSend && this.#sendOne(now)) return;
    if (this.#unproven.length === 0) return;
    const quietAt = this.#lastWrittenAt + PROBE_AFTER_QUIET_MS;
    if (isDue(quietAt, now)) this.#probe();
    else this.parts.wake(quietAt);
  }

  written(): void {
    this.#lastWrittenAt = this.parts.services.clock.monotonic();
  }

  ended(attempt: OpenAttempt, result: AttemptResult) {
    const outcome = this.outcome(result);
    const { item } = attempt;
    if (item === null) return this.tell(attempt, result, () => this.#probed(outcome));
    if (result.kind === 'timeout' && result.requestSent) {
      item.state = 'unconfirmed';
      return this.tell(attempt, result, unconfirmed);
    }
    item.state = 'waiting';
    this.#unproven = this.#unproven.filter((other) => other !== item);
    // Without an answer the connection broke, and with it went what the target may have had in hand.
    if (result.kind !== 'answered') this.#putBack();
    if (outcome.kind === 'failure' || outcome.kind === 'refused' || outcome.kind === 'gone') this.#needsProbe = true;
    this.tell(attempt, result, () => this.apply(outcome, attempt, item));
    if (outcome.kind === 'delivered') this.#endSilence();
  }

  /** @returns whether something was sent, or the sender is woken when it can be */
  #sendOne(now: number): boolean {
    const { queue, attempts } = this.parts;
    const item = this.#choose(now);
    if (item === null) {
      for (const deferred of queue.deferred) if (deferred.state === 'waiting') this.parts.wake(deferred.dueAt);
      return false;
    }
    const [oldest] = attempts.open;
    if (oldest !== undefined && attempts.open.length >= MAX_UNANSWERED) {
      const heldUntil = (oldest.writtenAt ?? now) + HOLD_MS;
      if (!isDue(heldUntil, now)) {
        this.parts.wake(heldUntil);
        return true;
      }
      this.#letGo(oldest);
    }
    const record = queue.read(item);
    if (record === null) this.parts.wake(now);
    else {
      this.#sentSinceProbe += 1;
      this.#unproven.push(item);
      attempts.send(item, record, null, OPEN_MS);
    }
    return true;
  }

  #choose(now: number): QueuedEvent | null {
    const { queue, services } = this.parts;
    const deferred = queue.deferred.find((item) => item.state === 'waiting' && isDue(item.dueAt, now));
    if (deferred !== undefined) return deferred;
    const head = queue.waiting();
    // Whether others are taken cannot be seen here, but the probes say that the target is well.
    if (head === null || head.serverErrors < DEFER_AFTER) return head;
    queue.defer(head, now + retryWait(services.retries, 1, services.random));
    return queue.waiting();
  }

  #letGo(attempt: OpenAttempt): void {
    const { attempts, services } = this.parts;
    attempts.cancel(attempt);
    if (attempt.item !== null) attempt.item.state = 'unconfirmed';
    const ms = services.clock.monotonic() - (attempt.writtenAt ?? 0);
    this.tell(attempt, { kind: 'timeout', requestSent: true, ms }, unconfirmed);
  }

  #probe(): void {
    const { attempts } = this.parts;
    while (attempts.open[0] !== undefined && attempts.open.length >= MAX_UNANSWERED) this.#letGo(attempts.open[0]);
    attempts.probe(null);
  }

  #probed(outcome: Outcome): NextStep {
    const { pace, services } = this.parts;
    const now = services.clock.monotonic();
    if (outcome.kind === 'unwanted' || outcome.kind === 'delivered') {
      this.#confirm();
      pace.recover(now);
      if (outcome.kind === 'delivered') {
        this.rememberAnswer();
        this.#endSilence();
      }
      return { next: 'what was sent has been taken', isFailure: false };
    }
    this.#needsProbe = true;
    this.#putBack();
    return { next: inWords(this.#slowDown(outcome, now)), isFailure: true };
  }

  /** @returns the milliseconds until the next probe */
  #slowDown(outcome: Exclude<Outcome, { kind: 'unwanted' | 'delivered' }>, now: number): number {
    const { pace } = this.parts;
    if (outcome.kind === 'refused') return pace.refuse(now, outcome.reason, outcome.advice);
    if (outcome.kind === 'gone') return pace.gone(now, outcome.reason);
    const { advice, retryAfterMs } = outcome.kind === 'failure' ? outcome : { advice: null, retryAfterMs: null };
    const trouble = { reason: outcome.reason, advice };
    const wait = pace.fail(now, trouble, { counts: true, serverError: false, retryAfterMs });
    pace.pause(now, trouble);
    return wait;
  }

  /** The target is there: what it was sent before, it has taken. */
  #confirm(): void {
    const { queue, attempts } = this.parts;
    for (const attempt of attempts.open) attempts.cancel(attempt);
    for (const item of this.#unproven) if (isUnsure(item)) queue.deliver(item, false);
    this.#unproven = [];
    this.#sentSinceProbe = 0;
    this.#needsProbe = false;
  }

  /** It is not known what became of them: they go again, under their own ids. */
  #putBack(): void {
    const { attempts } = this.parts;
    for (const attempt of attempts.open) attempts.cancel(attempt);
    for (const item of this.#unproven) if (isUnsure(item)) item.state = 'waiting';
    this.#unproven = [];
    this.#sentSinceProbe = 0;
  }

  /** It answers after all. What it has had for long it has taken; what is still open ends as with any other target. */
  #endSilence(): void {
    for (const item of this.#unproven) if (item.state === 'unconfirmed') this.parts.queue.deliver(item, false);
    this.#unproven = [];
    this.parts.turnSilent(false);
  }
}
