import type { AttemptResult, Outcome } from '../delivery.ts';
import { isDue } from '../scheduler.ts';
import { inWords, type NextStep, UNCONFIRMED } from './attempt-log.ts';
import { failureFor } from './outcomes.ts';
import { DEFER_AFTER, type QueuedEvent } from './queued-events.ts';
import { type OpenAttempt, type Sender, Sending } from './sending.ts';

/** From the last byte of one event to the first of the next. */
const SPACING_MS = 100;
const MAX_UNANSWERED = 4;
/** The target has at least so long to answer a request before it gives way to the next one. */
const HOLD_MS = 1_000;
/** Longer than the time between probes: open requests break when the target's process dies. */
const OPEN_MS = 60_000;
const PROBE_EVERY = 20;
const PROBE_AFTER_QUIET_MS = 30_000;

const unconfirmed = (): NextStep => ({ next: UNCONFIRMED, isFailure: false });

/**
 * For non-responding targets, which take events and never answer. A probe asks from time to time whether the target is there; until
 * it is answered, the events since the last one stay in the queue.
 */
export class UnansweredSending extends Sending {
  /** The events since the last answered probe: only the next one tells whether they were taken. */
  #unproven: QueuedEvent[] = [];
  #sentSinceProbe = 0;
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
    if (pace.isPaused || this.#needsProbe || this.#sentSinceProbe >= PROBE_EVERY) return this.#probe();
    const spacedAt = this.#lastWrittenAt + SPACING_MS;
    if (wantsToSend && !isDue(spacedAt, now)) return this.sender.wake(spacedAt);
    if (wantsToSend && this.#sendOne(now)) return;
    if (this.#unproven.length === 0) return;
    const quietAt = this.#lastWrittenAt + PROBE_AFTER_QUIET_MS;
    if (isDue(quietAt, now)) this.#probe();
    else this.sender.wake(quietAt);
  }

  override written(): void {
    this.#lastWrittenAt = this.sender.services.clock.monotonic();
  }

  ended(attempt: OpenAttempt, result: AttemptResult) {
    const outcome = this.outcome(result);
    const { item } = attempt;
    if (item === null) return this.finish(attempt, result, () => this.#probed(outcome));
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
    const [oldest] = attempts.open;
    if (oldest !== undefined && attempts.open.length >= MAX_UNANSWERED) {
      const heldUntil = (oldest.writtenAt ?? now) + HOLD_MS;
      if (!isDue(heldUntil, now)) {
        this.sender.wake(heldUntil);
        return true;
      }
      this.#letGo(oldest);
    }
    const record = queue.read(item);
    if (record === null) this.sender.wake(now);
    else {
      this.#sentSinceProbe += 1;
      this.#unproven.push(item);
      attempts.send(item, record, null, OPEN_MS);
    }
    return true;
  }

  #choose(now: number): QueuedEvent | null {
    const { queue, pace } = this.sender;
    const deferred = queue.deferred.find((item) => item.state === 'waiting' && isDue(item.dueAt, now));
    if (deferred !== undefined) return deferred;
    const head = queue.waiting();
    // Whether others are taken cannot be seen here, but the probes say that the target is well.
    if (head === null || head.serverErrors < DEFER_AFTER) return head;
    queue.defer(head, now + pace.waitAfter(1));
    return queue.waiting();
  }

  #letGo(attempt: OpenAttempt): void {
    const { attempts, services } = this.sender;
    attempts.cancel(attempt);
    if (attempt.item !== null) attempt.item.state = 'unconfirmed';
    const ms = services.clock.monotonic() - (attempt.writtenAt ?? 0);
    this.finish(attempt, { kind: 'timeout', requestSent: true, ms }, unconfirmed);
  }

  #probe(): void {
    const { attempts } = this.sender;
    while (attempts.open[0] !== undefined && attempts.open.length >= MAX_UNANSWERED) this.#letGo(attempts.open[0]);
    attempts.probe(null);
  }

  #probed(outcome: Outcome): NextStep {
    const { pace, services } = this.sender;
    const now = services.clock.monotonic();
    if (outcome.kind === 'unwanted' || outcome.kind === 'delivered') {
      this.#confirm();
      pace.recover(now);
      if (outcome.kind === 'delivered') {
        this.rememberAnswer();
        this.#switchToOrder();
      }
      return { next: 'what was sent has been taken', isFailure: false };
    }
    this.#needsProbe = true;
    this.#putBack();
    if (outcome.kind === 'refused') return { next: inWords(pace.refuse(now, outcome)), isFailure: true };
    // Whatever the answer is, it is about the target: the probe is no event.
    const { reason, advice, retryAfterMs } = { advice: null, retryAfterMs: null, ...outcome };
    const failure = failureFor(reason, advice, { retryAfterMs });
    const wait = pace.fail(now, failure);
    pace.pause(now, failure);
    return { next: inWords(wait), isFailure: true };
  }

  /** The target is there: what it was sent before, it has taken. */
  #confirm(): void {
    this.#settle((item) => this.sender.queue.leaveUnconfirmed(item));
    this.#needsProbe = false;
  }

  /** It is not known what became of them: they go again, under their own ids. */
  #putBack(): void {
    this.#settle((item) => {
      item.state = 'waiting';
    });
  }

  #settle(act: (item: QueuedEvent) => void): void {
    const { attempts } = this.sender;
    for (const attempt of attempts.open) attempts.cancel(attempt);
    for (const item of this.#unproven) if (item.state === 'sending' || item.state === 'unconfirmed') act(item);
    this.#unproven = [];
    this.#sentSinceProbe = 0;
  }

  /** The target answers after all. It has taken what it has had for long; what is still open ends as with any other target. */
  #switchToOrder(): void {
    for (const item of this.#unproven) if (item.state === 'unconfirmed') this.sender.queue.leaveUnconfirmed(item);
    this.#unproven = [];
    this.sender.setResponding(true);
  }
}
