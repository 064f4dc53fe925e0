import type { AttemptResult, Outcome, Target } from '../delivery.ts';
import { AttemptLog, type LoggedAttempt, type NextStep } from './attempt-log.ts';
import type { DeliveryQueue, QueueServices } from './delivery-queue.ts';
import { outcomeOf } from './outcomes.ts';
import { Pace } from './pace.ts';
import type { QueuedEvent } from './queued-events.ts';

/** A request that is under way. */
export interface OpenAttempt extends LoggedAttempt {
  /** The event that it carries; null for a probe. */
  readonly item: QueuedEvent | null;
  /** The event that was passed over to see whether the target takes this one. */
  readonly passedOver: QueuedEvent | null;
  /** The unanswered attempt that a probe was sent for. */
  readonly onBehalfOf: OpenAttempt | null;
  /** In monotonic milliseconds. */
  readonly startedAt: number;
  /** When the last byte was handed to the system, in monotonic milliseconds; null before. */
  writtenAt: number | null;
  cancel(): void;
}

/** What a target is sent next. */
export type Move =
  | {
      readonly kind: 'send';
      readonly item: QueuedEvent;
      readonly passedOver: QueuedEvent | null;
      readonly deadlineMs: number;
    }
  | { readonly kind: 'probe' }
  /**
   * Nothing before that time, in monotonic milliseconds. If infinite, an event or the end of an attempt comes first.
   */
  | { readonly kind: 'wait'; readonly until: number };

/** What the end of an attempt leads to beyond its own event: a probe, or the other way of sending. */
export type Consequence =
  | { readonly kind: 'probe'; readonly onBehalfOf: OpenAttempt }
  | { readonly kind: 'responding'; readonly isResponding: boolean };

/** A way of sending to a target: in order to one that answers, with probes in between to one that never does. */
export interface SendingStrategy {
  nextMove(now: number): Move;
  /** Decides what becomes of the attempt's event. */
  ended(attempt: OpenAttempt, result: AttemptResult): Consequence | null;
}

/** One target, its queue and its pace, and the requests that are under way to it. */
export class SendingState {
  readonly queue: DeliveryQueue;
  readonly services: QueueServices;
  readonly pace: Pace;
  readonly #attemptLog: AttemptLog;
  target: Target;
  /** The requests under way, oldest first. */
  open: readonly OpenAttempt[] = [];
  /** When the last byte of the newest request was handed to the system, in monotonic milliseconds. */
  lastWrittenAt = 0;
  /**
   * The event that has just failed too often: the one behind it is tried once, to see whether the target takes that.
   */
  passedOver: QueuedEvent | null = null;

  constructor(target: Target, queue: DeliveryQueue, services: QueueServices) {
    this.target = target;
    this.queue = queue;
    this.services = services;
    this.pace = new Pace(queue, services);
    this.#attemptLog = new AttemptLog(services.log, queue.name, services.attempted);
  }

  /** @returns whether the attempt was still open */
  close(attempt: OpenAttempt): boolean {
    const before = this.open;
    this.open = before.filter((other) => other !== attempt);
    return this.open.length < before.length;
  }

  /** Calls an attempt off; its end is not reported. */
  cancel(attempt: OpenAttempt): void {
    if (this.close(attempt)) attempt.cancel();
  }

  /** Calls an attempt off, so that its event waits again. */
  putBack(attempt: OpenAttempt): void {
    this.cancel(attempt);
    const item = attempt.item ?? attempt.onBehalfOf?.item;
    if (item?.state === 'sending') item.state = 'waiting';
  }

  outcomeOf(result: AttemptResult): Outcome {
    return outcomeOf(result, this.target, this.services.wording);
  }

  /** Does what follows from an attempt, and logs it. */
  finish(attempt: OpenAttempt, result: AttemptResult, act: () => NextStep): void {
    const wasFailing = this.pace.isFailing;
    const step = act();
    this.#attemptLog.write(attempt, result, wasFailing, step);
  }
}
