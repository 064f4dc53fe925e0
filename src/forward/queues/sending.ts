import type { AttemptResult, Failure, Outcome, OutgoingEvent, Target } from '../delivery.ts';
import { seesKey, withKey } from '../outbox/outgoing-bodies.ts';
import type { EventRecord } from '../outbox/stored-records.ts';
import { isDue, SLICE_MS } from '../scheduler.ts';
import { PROBE_TYPE } from '../signed-headers.ts';
import { inWords, type LoggedAttempt, type NextStep } from './attempt-log.ts';
import type { DeliveryQueue, QueueServices } from './delivery-queue.ts';
import { outcomeOf } from './outcomes.ts';
import type { Pace } from './pace.ts';
import { DEFER_AFTER, DEFERRED_ATTEMPTS, type QueuedEvent } from './queued-events.ts';

/** The sender of a target, as far as a way of sending needs it. */
export interface Sender {
  readonly services: QueueServices;
  readonly target: Target;
  readonly queue: DeliveryQueue;
  readonly pace: Pace;
  readonly attempts: Attempts;
  /** Has the sender take a turn at that time at the latest, in monotonic milliseconds. */
  wake(due: number): void;
  /** The target has turned out to take events without an answer, or to answer after all: the way of sending changes. */
  setResponding(isResponding: boolean): void;
  /** The last byte of a request was handed to the system. */
  written(): void;
  ended(attempt: OpenAttempt, result: AttemptResult): void;
}

/** A request that is under way. */
export interface OpenAttempt extends LoggedAttempt {
  /** What it carries; null for a probe. */
  readonly item: QueuedEvent | null;
  /** The event that was passed over to see whether this one is taken. */
  readonly passedOver: QueuedEvent | null;
  /** Of a probe: the attempt without an answer that led to it. */
  readonly onBehalfOf: OpenAttempt | null;
  /** In monotonic milliseconds. */
  readonly startedAt: number;
  /** When its last byte was handed to the system, in monotonic milliseconds; null before. */
  writtenAt: number | null;
  cancel(): void;
}

const PROBE = { type: PROBE_TYPE, item: null, passedOver: null, attempt: 1, lastAttempt: null };
const UNSENT = { writtenAt: null, cancel: () => {} };

/** The requests to one target. */
export class Attempts {
  /** Under way, oldest first. */
  open: readonly OpenAttempt[] = [];
  readonly #owner: Sender;

  constructor(owner: Sender) {
    this.#owner = owner;
  }

  send(item: QueuedEvent, record: EventRecord, passedOver: QueuedEvent | null, deadlineMs: number): void {
    const { services, target } = this.#owner;
    item.state = 'sending';
    item.attempts += 1;
    const body = seesKey(target)
      ? withKey(record.body, services.currentKey())
      : services.outgoing.withoutKeys(record.body);
    const { id } = item.event;
    const { type, receivedAt, hops } = record;
    const lastAttempt = item.isDeferred ? item.attempts + DEFERRED_ATTEMPTS - 1 - item.deferredErrors : null;
    const about = { id, type, attempt: item.attempts, lastAttempt };
    const startedAt = services.clock.monotonic();
    const attempt = { ...UNSENT, ...about, item, passedOver, onBehalfOf: null, startedAt };
    this.#start(attempt, { id, type, receivedAt, body, hops }, record.replay, deadlineMs);
  }

  /** Asks whether the target is there. */
  probe(onBehalfOf: OpenAttempt | null): void {
    const { services, target } = this.#owner;
    const key = target.includeKey ? { key: services.currentKey() } : {};
    const body = Buffer.from(JSON.stringify({ ...key, type: PROBE_TYPE, data: {} }));
    const receivedAt = services.clock.now();
    const id = `probe-${receivedAt}`;
    const event = { id, type: PROBE_TYPE, receivedAt, body, hops: 0 };
    const startedAt = services.clock.monotonic();
    this.#start({ ...UNSENT, ...PROBE, id, onBehalfOf, startedAt }, event, false, target.timeoutMs);
  }

  /** Calls one off; its end is not reported. */
  cancel(attempt: OpenAttempt): void {
    if (this.#remove(attempt)) attempt.cancel();
  }

  /** Calls one off, so that its event waits again. */
  putBack(attempt: OpenAttempt): void {
    this.cancel(attempt);
    const item = attempt.item ?? attempt.onBehalfOf?.item;
    if (item?.state === 'sending') item.state = 'waiting';
  }

  /** @returns whether it was still open */
  #remove(attempt: OpenAttempt): boolean {
    const before = this.open;
    this.open = before.filter((other) => other !== attempt);
    return this.open.length < before.length;
  }

  #start(attempt: OpenAttempt, event: OutgoingEvent, replay: boolean, deadlineMs: number): void {
    const { services, target } = this.#owner;
    this.open = [...this.open, attempt];
    const request = { target, event, attempt: attempt.attempt, replay, probe: attempt.item === null };
    attempt.cancel = services.send(request, deadlineMs, {
      written: () => {
        attempt.writtenAt = services.clock.monotonic();
        this.#owner.written();
      },
      ended: (result) => {
        if (this.#remove(attempt)) this.#owner.ended(attempt, result);
      },
    });
  }
}

/** The line about the dead letter says more. */
const DEAD_LETTER: NextStep = { next: 'dead letter', isFailure: true, isQuiet: true };

/** One way of sending the events of a delivery queue, and what outcomes mean in any of them. */
export abstract class Sending {
  protected readonly sender: Sender;
  /** The event that has just failed too often: the one behind it goes next, once, to see whether the target takes that. */
  protected passedOver: QueuedEvent | null = null;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  /** Sends what may be sent now, and has the sender woken for what may be sent later. */
  abstract next(now: number): void;

  /** The last byte of a request was handed to the system. */
  written(): void {}

  abstract ended(attempt: OpenAttempt, result: AttemptResult): void;

  protected outcome(result: AttemptResult): Outcome {
    return outcomeOf(result, this.sender.target, this.sender.services.wording);
  }

  /** Logs an attempt and does what follows from it. */
  protected finish(attempt: OpenAttempt, result: AttemptResult, act: () => NextStep): void {
    const { queue, pace } = this.sender;
    queue.attemptLog.write(attempt, result, pace.isFailing, act);
  }

  /** Does what an outcome means for the event of an attempt and for its target. */
  protected apply(outcome: Outcome, attempt: OpenAttempt, item: QueuedEvent): NextStep {
    const { queue, pace, services } = this.sender;
    const now = services.clock.monotonic();
    switch (outcome.kind) {
      case 'delivered':
      case 'unwanted':
        if (outcome.kind === 'delivered') this.rememberAnswer();
        queue.leave(item, outcome.kind);
        pace.recover(now);
        this.#deferPassedOver(attempt, now);
        return { next: outcome.kind, isFailure: false };
      case 'final':
        queue.deadLetter(item, outcome.reason);
        pace.recover(now, outcome.reason);
        return DEAD_LETTER;
      case 'refused':
        return { next: inWords(pace.refuse(now, outcome)), isFailure: true };
      case 'failure':
        return this.#failed(outcome, attempt, item, now);
    }
  }

  /** Remembers that the target answers 2xx: from now on a missing answer is a failure. */
  protected rememberAnswer(): void {
    const { queue } = this.sender;
    if (!queue.facts.answered) queue.save({ answered: true });
  }

  /** The target takes another event: what it answered 5xx before is that event's own fault. */
  #deferPassedOver({ passedOver }: OpenAttempt, now: number): void {
    // Due at once: where the target came back just now, no more than one event overtakes it.
    if (passedOver?.state === 'waiting') this.sender.queue.defer(passedOver, now);
  }

  #failed(failure: Failure, { passedOver, startedAt }: OpenAttempt, item: QueuedEvent, now: number): NextStep {
    const { queue, pace } = this.sender;
    if (!failure.isAttempt) item.attempts -= 1;
    if (failure.serverError) {
      if (item.isDeferred && !pace.isPaused) return this.#failedDeferred(failure, item, now);
      item.serverErrors += 1;
    }
    const wait = pace.fail(now, failure, startedAt);
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

  /** The target's other events go on meanwhile. */
  #failedDeferred({ reason, retryAfterMs }: Failure, item: QueuedEvent, now: number): NextStep {
    const { queue, pace } = this.sender;
    item.deferredErrors += 1;
    if (item.deferredErrors >= DEFERRED_ATTEMPTS) {
      queue.deadLetter(item, `${reason}, as ${item.attempts - 1} times before`);
      return DEAD_LETTER;
    }
    const wait = retryAfterMs ?? pace.waitAfter(item.deferredErrors + 1);
    item.dueAt = now + wait;
    queue.saveDeferred(item);
    return { next: inWords(wait), isFailure: true, isQuiet: true };
  }
}

/** Events that cannot be read are passed over; so many at most in one turn. */
const MAX_PASSED_OVER = 50;

/** One request at a time, in order; the next one when it was answered. */
export class OrderedSending extends Sending {
  next(now: number) {
    const { queue, pace, attempts, target } = this.sender;
    if (attempts.open.length > 0) return;
    if (!isDue(pace.known.waitUntil, now)) return this.sender.wake(pace.known.waitUntil);
    for (let count = 0; count < MAX_PASSED_OVER; count += 1) {
      const chosen = this.#choose(now);
      if (chosen === null) return;
      const record = queue.read(chosen.item);
      if (record !== null) return attempts.send(chosen.item, record, chosen.passedOver, target.timeoutMs);
    }
    this.sender.wake(now);
  }

  ended(attempt: OpenAttempt, result: AttemptResult) {
    const { item } = attempt;
    if (item === null) return this.#probed(attempt, result);
    if (this.#mayNeverAnswer(result)) {
      // It never answers, or it is frozen: an answer to the probe tells. Until then the event is under way.
      this.finish(attempt, result, () => ({ next: 'probe', isFailure: false }));
      return this.sender.attempts.probe(attempt);
    }
    item.state = 'waiting';
    this.finish(attempt, result, () => this.apply(this.outcome(result), attempt, item));
  }

  #choose(now: number): { item: QueuedEvent; passedOver: QueuedEvent | null } | null {
    const { queue, pace } = this.sender;
    const deferred = earliest(queue.deferred);
    const isDeferredDue = deferred !== null && isDue(deferred.dueAt, now);
    if (isDeferredDue && pace.known.failures === 0) return { item: deferred, passedOver: null };
    const head = queue.waiting();
    const passedOver = this.passedOver;
    this.passedOver = null;
    if (head === null) {
      if (deferred !== null && (isDeferredDue || pace.isPaused)) return { item: deferred, passedOver: null };
      if (deferred !== null) this.sender.wake(deferred.dueAt);
      return null;
    }
    const second = head === passedOver ? queue.waiting(1) : null;
    return second === null ? { item: head, passedOver: null } : { item: second, passedOver };
  }

  /** The event went out whole, to a target that has never answered any. */
  #mayNeverAnswer(result: AttemptResult): boolean {
    const { target, queue } = this.sender;
    const isUnanswered = result.kind === 'timeout' && result.requestSent;
    return isUnanswered && !queue.facts.answered && !target.requireResponse && target.format === 'payload';
  }

  #probed(probe: OpenAttempt, result: AttemptResult) {
    const first = probe.onBehalfOf;
    const item = first?.item;
    if (first === null || item?.state !== 'sending') return;
    item.state = 'waiting';
    const outcome = this.outcome(result);
    if (outcome.kind === 'unwanted') {
      this.finish(probe, result, () => this.#takenUnanswered(item));
      return this.sender.setResponding(false);
    }
    if (outcome.kind === 'delivered') this.rememberAnswer();
    const timeout = this.outcome({ kind: 'timeout', requestSent: true, ms: 0 });
    this.finish(probe, result, () => this.apply(outcome.kind === 'refused' ? outcome : timeout, first, item));
  }

  #takenUnanswered(item: QueuedEvent): NextStep {
    const { queue, pace, services } = this.sender;
    queue.leaveUnconfirmed(item);
    pace.recover(services.clock.monotonic());
    return { next: 'the listener takes events without an answer', isFailure: false };
  }
}

function earliest(deferred: readonly QueuedEvent[]): QueuedEvent | null {
  const [first] = deferred.filter(({ state }) => state === 'waiting').sort((a, b) => a.dueAt - b.dueAt);
  return first ?? null;
}

/** How many events may be under way. */
const MAX_WINDOW = 64;

/**
 * For targets that acknowledge each event and drop one that they have already, such as a stream of a broker: many are under way at
 * once, in order. After a failure all that are not acknowledged are sent again, from the first on, and those that had arrived are
 * dropped there: so order is kept. The window is small after a failure, since whatever refuses one event refuses the next.
 */
export class WindowSending extends Sending {
  #window = 1;

  next(now: number) {
    const { queue, pace, attempts, target, services } = this.sender;
    if (!isDue(pace.known.waitUntil, now)) return this.sender.wake(pace.known.waitUntil);
    while (attempts.open.length < this.#window) {
      // Filling a whole window takes some milliseconds, in which the game waits.
      if (services.clock.monotonic() - now > SLICE_MS) return this.sender.wake(now);
      const item = this.#choose(now);
      if (item === null) return;
      const record = queue.read(item);
      if (record !== null) attempts.send(item, record, null, target.timeoutMs);
    }
  }

  ended(attempt: OpenAttempt, result: AttemptResult): void {
    const { item } = attempt;
    if (item === null) return;
    item.state = 'waiting';
    const outcome = this.outcome(result);
    if (outcome.kind === 'failure' || outcome.kind === 'refused') {
      this.#window = 1;
      for (const open of this.sender.attempts.open) this.sender.attempts.putBack(open);
    } else {
      this.#window = Math.min(MAX_WINDOW, this.#window * 2);
    }
    this.finish(attempt, result, () => this.apply(outcome, attempt, item));
  }

  /** Those that another kind of target of this name had set aside go first. */
  #choose(now: number): QueuedEvent | null {
    const { queue } = this.sender;
    const deferred = queue.deferred.find(({ state, dueAt }) => state === 'waiting' && isDue(dueAt, now));
    if (deferred !== undefined) return deferred;
    for (const { state, dueAt } of queue.deferred) if (state === 'waiting') this.sender.wake(dueAt);
    return queue.waiting();
  }
}
