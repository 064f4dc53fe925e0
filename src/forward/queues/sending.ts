import type { AttemptResult, Target } from '../delivery.ts';
import { isDue } from '../scheduler.ts';
import { inWords, type NextStep } from './attempt-log.ts';
import type { Attempts, OpenAttempt } from './attempts.ts';
import {
  DEFER_AFTER,
  DEFERRED_ATTEMPTS,
  type DeliveryQueue,
  type QueuedEvent,
  type QueueServices,
} from './delivery-queue.ts';
import { type Failure, type Outcome, outcomeOf } from './outcomes.ts';
import { type Pace, retryWait } from './pace.ts';

/** The sender of a target, as far as a way of sending needs it. */
export interface SendingParts {
  readonly target: Target;
  readonly queue: DeliveryQueue;
  readonly pace: Pace;
  readonly attempts: Attempts;
  readonly services: QueueServices;
  /** Has the sender look at what to do at that time at the latest, in monotonic milliseconds. */
  wake(due: number): void;
  /** The target has turned out to take events without ever answering, or to answer after all: it is sent to in the other way. */
  turnSilent(isSilent: boolean): void;
}

/** The line about the dead letter tells of it. */
const DEAD_LETTER: NextStep = { next: 'dead letter', isFailure: true, isQuiet: true };

/** One way of sending the events of a delivery queue, and what outcomes mean in any of them. */
export abstract class Sending {
  protected readonly parts: SendingParts;
  /** The event that has just failed too often: the one behind it goes next, once, to see whether the target takes that. */
  protected passedOver: QueuedEvent | null = null;

  constructor(parts: SendingParts) {
    this.parts = parts;
  }

  /** Sends what may be sent now, and has the sender woken for what may be sent later. */
  abstract next(now: number): void;

  /** The last byte of a request was handed to the system. */
  abstract written(): void;

  abstract ended(attempt: OpenAttempt, result: AttemptResult): void;

  protected outcome(result: AttemptResult): Outcome {
    return outcomeOf(result, this.parts.target.format, this.parts.services.wording);
  }

  protected tell(attempt: OpenAttempt, result: AttemptResult, lead: () => NextStep): void {
    const { queue, pace } = this.parts;
    queue.attemptLog.tell(attempt, result, pace.isFailing, lead);
  }

  /** Does what an outcome means for the event of an attempt and for its target. */
  protected apply(outcome: Outcome, attempt: OpenAttempt, item: QueuedEvent): NextStep {
    const { queue, pace, services } = this.parts;
    const now = services.clock.monotonic();
    switch (outcome.kind) {
      case 'delivered':
        this.rememberAnswer();
        queue.deliver(item, true);
        this.#accepted(attempt, now);
        return { next: 'delivered', isFailure: false };
      case 'unwanted':
        queue.skip(item);
        this.#accepted(attempt, now);
        return { next: 'unwanted', isFailure: false };
      case 'final':
        queue.deadLetter(item, outcome.reason);
        pace.recover(now, outcome.reason);
        return DEAD_LETTER;
      case 'refused':
        return { next: inWords(pace.refuse(now, outcome.reason, outcome.advice)), isFailure: true };
      case 'gone':
        return { next: inWords(pace.gone(now, outcome.reason)), isFailure: true };
      case 'failure':
        return this.#failed(outcome, attempt, item, now);
    }
  }

  /** Remembers that the target answers 2xx, so that its silence is never taken for a delivery. */
  protected rememberAnswer(): void {
    const { queue } = this.parts;
    if (queue.facts.answered) return;
    queue.facts.answered = true;
    queue.saveFacts();
  }

  /** The target is well: what it answered 5xx before is that event's own fault. */
  #accepted({ passedOver }: OpenAttempt, now: number): void {
    this.parts.pace.recover(now);
    // Due at once: where the target came back just now, no more than one event overtakes it.
    if (passedOver !== null && passedOver.state === 'waiting') this.parts.queue.defer(passedOver, now);
  }

  #failed(failure: Failure, { passedOver }: OpenAttempt, item: QueuedEvent, now: number): NextStep {
    const { queue, pace } = this.parts;
    if (!failure.isAttempt) item.attempts -= 1;
    if (failure.serverError) {
      if (item.isDeferred && !pace.isPaused) return this.#failedAlone(failure, item, now);
      item.serverErrors += 1;
    }
    const wait = pace.fail(now, failure, failure);
    if (passedOver !== null && failure.counts) {
      // Not that event, then, but the target: it goes first again.
      passedOver.serverErrors = 0;
      item.serverErrors = 0;
      pace.pause(now, failure);
    } else if (failure.serverError && item.serverErrors >= DEFER_AFTER && queue.waiting(1) !== null) {
      // Only at once: after a wait the target may be back, and then the order counts.
      this.passedOver = item;
      pace.tryNow(now);
      return { next: 'after the event behind it', isFailure: true };
    }
    return { next: inWords(wait), isFailure: true, isQuiet: !failure.isAttempt };
  }

  #failedAlone({ reason, retryAfterMs }: Failure, item: QueuedEvent, now: number): NextStep {
    const { queue, services } = this.parts;
    item.deferredErrors += 1;
    if (item.deferredErrors >= DEFERRED_ATTEMPTS) {
      queue.deadLetter(item, `${reason}, as ${item.attempts - 1} times before`);
      return DEAD_LETTER;
    }
    const wait = retryAfterMs ?? retryWait(services.retries, item.deferredErrors + 1, services.random);
    item.dueAt = now + wait;
    queue.saveDeferred(item);
    // That the target fails over this event was told when it was deferred.
    return { next: inWords(wait), isFailure: true, isQuiet: true };
  }
}

/** Events that cannot be read are passed over; so many at most in one turn. */
const MAX_PASSED_OVER = 50;

/** One request at a time, in order; the next one when it was answered. */
export class OrderedSending extends Sending {
  next(now: number) {
    const { queue, pace, attempts, target } = this.parts;
    if (attempts.open.length > 0) return;
    if (!isDue(pace.known.waitUntil, now)) return this.parts.wake(pace.known.waitUntil);
    for (let count = 0; count < MAX_PASSED_OVER; count += 1) {
      const chosen = this.#choose(now);
      if (chosen === null) return;
      const record = queue.read(chosen.item);
      if (record !== null) return attempts.send(chosen.item, record, chosen.passedOver, target.timeoutMs);
    }
    this.parts.wake(now);
  }

  written(): void {}

  ended(attempt: OpenAttempt, result: AttemptResult) {
    const { item } = attempt;
    if (item === null) return this.#probed(attempt, result);
    item.state = 'waiting';
    if (this.#mayNeverAnswer(result)) {
      // Whether it is one that never answers, or one that is frozen: an answer to the probe tells.
      item.state = 'sending';
      this.tell(attempt, result, () => ({ next: 'probe', isFailure: false }));
      return this.parts.attempts.probe(attempt);
    }
    this.tell(attempt, result, () => this.apply(this.outcome(result), attempt, item));
  }

  #choose(now: number): { item: QueuedEvent; passedOver: QueuedEvent | null } | null {
    const { queue, pace } = this.parts;
    const deferred = earliest(queue.deferred);
    const isDeferredDue = deferred !== null && isDue(deferred.dueAt, now);
    if (isDeferredDue && pace.known.failures === 0) return { item: deferred, passedOver: null };
    const head = queue.waiting();
    const passedOver = this.passedOver;
    this.passedOver = null;
    if (head === null) {
      if (deferred !== null && (isDeferredDue || pace.isPaused)) return { item: deferred, passedOver: null };
      if (deferred !== null) this.parts.wake(deferred.dueAt);
      return null;
    }
    const second = head === passedOver ? queue.waiting(1) : null;
    return second === null ? { item: head, passedOver: null } : { item: second, passedOver };
  }

  /** The event went out whole, to a target that has never answered any. */
  #mayNeverAnswer(result: AttemptResult): boolean {
    const { requireResponse, format } = this.parts.target;
    const isMute = result.kind === 'timeout' && result.requestSent;
    return isMute && !this.parts.queue.facts.answered && !requireResponse && format === 'payload';
  }

  #probed(probe: OpenAttempt, result: AttemptResult) {
    const first = probe.onBehalfOf;
    const item = first?.item ?? null;
    if (first === null || item === null || item.state !== 'sending') return;
    item.state = 'waiting';
    const outcome = this.outcome(result);
    if (outcome.kind === 'unwanted') {
      this.tell(probe, result, () => this.#takenInSilence(item));
      return this.parts.turnSilent(true);
    }
    if (outcome.kind === 'delivered') this.rememberAnswer();
    const isForTheTarget = outcome.kind === 'refused' || outcome.kind === 'gone';
    const timeout = this.outcome({ kind: 'timeout', requestSent: true, ms: 0 });
    this.tell(probe, result, () => this.apply(isForTheTarget ? outcome : timeout, first, item));
  }

  #takenInSilence(item: QueuedEvent): NextStep {
    const { queue, pace, services } = this.parts;
    queue.deliver(item, false);
    pace.recover(services.clock.monotonic());
    return { next: 'the listener takes events without an answer', isFailure: false };
  }
}

function earliest(deferred: readonly QueuedEvent[]): QueuedEvent | null {
  return deferred.reduce<QueuedEvent | null>(
    (first, item) =>
      item.state === 'waiting' && item.dueAt < (first?.dueAt ?? Number.POSITIVE_INFINITY) ? item : first,
    null,
  );
}
