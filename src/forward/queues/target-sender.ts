import type { AttemptResult, Target } from '../delivery.ts';
import type { LaneStatus } from '../forwarding-status.ts';
import type { StoredEvent } from '../outbox/outbox.ts';
import type { ScheduledTask } from '../scheduler.ts';
import { hashAddress } from '../targets/target-addresses.ts';
import type { DeliveryQueue, QueueServices } from './delivery-queue.ts';
import { Pace } from './pace.ts';
import type { QueuedEvent } from './queued-events.ts';
import { Attempts, type OpenAttempt, OrderedSending, type Sender, type Sending, WindowSending } from './sending.ts';
import { UnansweredSending } from './unanswered-sending.ts';

/**
 * Sends the events of a delivery queue to its target. In each turn old events become dead letters, and its way of sending (`Sending`)
 * sends what may be sent. Attempts end there, too: the outcome (`outcomeOf`) says what becomes of the event, the pace when to retry.
 */
export class TargetSender implements Sender {
  readonly queue: DeliveryQueue;
  readonly services: QueueServices;
  readonly pace: Pace;
  readonly attempts = new Attempts(this);
  target: Target;
  readonly #task: ScheduledTask;
  #sending: Sending;
  #isRunning = false;

  constructor(target: Target, queue: DeliveryQueue, services: QueueServices) {
    this.target = target;
    this.queue = queue;
    this.services = services;
    this.pace = new Pace(queue, services);
    this.#task = services.scheduler.task(() => this.#turn());
    const isResponding = !queue.facts.silent || target.requireResponse || target.nats !== undefined;
    this.#sending = isResponding ? this.#inOrder() : new UnansweredSending(this, true);
  }

  /** Begins to send, once what an earlier run left is in the queue. */
  start(): void {
    if (hashAddress(this.target.url) !== this.queue.facts.address) this.#move();
    this.#isRunning = true;
    this.#wakeNow();
  }

  wake(due: number): void {
    if (this.#isRunning) this.#task.atLatest(due);
  }

  written(): void {
    this.#sending.written();
    this.#turn();
  }

  ended(attempt: OpenAttempt, result: AttemptResult): void {
    this.#sending.ended(attempt, result);
    this.#turn();
  }

  setResponding(isResponding: boolean) {
    const { log, name: target } = this.queue;
    const { insistOnAnswers } = this.services.wording;
    this.queue.save({ silent: !isResponding });
    this.#sending = isResponding ? this.#inOrder() : new UnansweredSending(this, false);
    if (isResponding) return log.info('A forwarding target answers after all.', { target });
    const insist = insistOnAnswers === null ? '' : ` ${insistOnAnswers}`;
    log.warn(
      `A forwarding target takes events but never answers, as listeners in the documentation do. It is checked now and then.${insist}`,
      { target },
    );
  }

  push(event: StoredEvent): void {
    this.queue.push(event);
    this.#wakeNow();
  }

  /** Takes another address or other settings; what waits goes there. */
  retarget(next: Target): void {
    const isChanged = settingsOf(next) !== settingsOf(this.target);
    this.target = next;
    if (hashAddress(next.url) !== this.queue.facts.address) this.#move();
    else if (next.requireResponse && this.queue.facts.silent) this.#beginAnew({ silent: false });
    if (isChanged) this.pace.reset();
    if (this.pace.isPaused) this.retry();
    this.#wakeNow();
  }

  /** Tries again at once, whatever it was waiting for. */
  retry(): void {
    this.pace.tryNow(this.services.clock.monotonic());
    this.#wakeNow();
  }

  /** Gives up on one event for want of room. */
  lose(seq: number, reason: string): void {
    const item = this.queue.find(seq);
    if (item === null) return;
    this.#callOff(item);
    this.queue.lose(item, reason);
  }

  /** Gives up on an event because the operator says so. @returns how many there were under that id */
  drop(id: string): number {
    const found = this.queue.findById(id);
    for (const item of found) {
      this.#callOff(item);
      this.queue.leave(item, 'dropped');
    }
    this.#wakeNow();
    return found.length;
  }

  status(): LaneStatus {
    const { queue } = this;
    const { clock, outbox, deadLetters } = this.services;
    const { paused, trouble, waitUntil, failures, isReached, refusals } = this.pace.known;
    const now = clock.monotonic();
    const { oldest } = queue;
    const wait = waitUntil - now;
    const state = paused !== null ? 'parked' : wait > 0 ? 'waiting' : 'open';
    return {
      target: queue.name,
      url: this.target.shownUrl,
      state: this.#isRunning ? state : 'starting',
      reason: trouble?.reason ?? null,
      advice: trouble?.advice ?? paused?.advice ?? null,
      queued: queue.length,
      setAside: queue.deferred.length,
      deadLetters: deadLetters.count(queue.name),
      bytes: queue.bytes + deadLetters.bytes(queue.name),
      oldestMs: oldest === null ? null : Math.round(outbox.age(oldest, now)),
      nextAttemptInMs: wait > 0 && Number.isFinite(wait) ? Math.round(wait) : null,
      failuresInARow: failures,
      silent: queue.facts.silent,
      reached: isReached,
      refusals: refusals === null ? null : { ...refusals },
      counts: { ...queue.counts },
    };
  }

  /** Puts back what is under way and sends nothing more. */
  halt(): void {
    this.#isRunning = false;
    this.#putAllBack();
    this.services.scheduler.remove(this.#task);
  }

  #wakeNow(): void {
    this.wake(this.services.clock.monotonic());
  }

  #turn(): void {
    if (!this.#isRunning) return;
    this.#task.atLatest(this.#expireOld());
    this.#sending.next(this.services.clock.monotonic());
  }

  /**
   * Makes dead letters of the events that are too old.
   *
   * @returns when to look again, in monotonic milliseconds; infinite when nothing waits
   */
  #expireOld(): number {
    const { clock, outbox } = this.services;
    const { maxAgeMinutes } = this.target;
    const now = clock.monotonic();
    const expiryOf = (event: StoredEvent) => now - outbox.age(event, now) + maxAgeMinutes * 60_000;
    return this.queue.expire(`not delivered within ${maxAgeMinutes} min`, expiryOf);
  }

  #callOff(item: QueuedEvent): void {
    for (const attempt of this.attempts.open) {
      if (attempt.item === item || attempt.onBehalfOf?.item === item) this.attempts.putBack(attempt);
    }
  }

  /** Also what a non-responding target was sent: it is not proven to be taken. */
  #putAllBack(): void {
    for (const attempt of this.attempts.open) this.attempts.putBack(attempt);
    for (const item of this.queue.unconfirmed()) item.state = 'waiting';
  }

  #beginAnew(facts: Parameters<DeliveryQueue['save']>[0]): void {
    this.#putAllBack();
    this.queue.save(facts);
    this.#sending = this.#inOrder();
  }

  #inOrder(): Sending {
    return this.target.nats === undefined ? new OrderedSending(this) : new WindowSending(this);
  }

  /** What was known of the target holds for the old address only. */
  #move() {
    const { facts, name: target, length: waiting, log } = this.queue;
    this.#beginAnew({ answered: false, silent: false, address: hashAddress(this.target.url) });
    if (facts.address === '') return;
    const fields = { target, url: this.target.shownUrl };
    if (waiting === 0) return log.info('A forwarding target has a new address.', fields);
    const message = 'A forwarding target has a new address: the events that wait go there.';
    log.info(message, { ...fields, waiting });
  }
}

/** Two targets with the same text are sent to in the same way. */
function settingsOf({ wants: _, ...settings }: Target): string {
  return JSON.stringify(settings);
}
