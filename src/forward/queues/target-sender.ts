import type { AttemptResult, OutgoingEvent, Target } from '../delivery.ts';
import type { LaneStatus } from '../forwarding-status.ts';
import type { StoredEvent } from '../outbox/outbox.ts';
import { seesKey, withKey } from '../outbox/outgoing-bodies.ts';
import { type ScheduledTask, SLICE_MS } from '../scheduler.ts';
import { PROBE_TYPE } from '../signed-headers.ts';
import { hashAddress } from '../targets/target-addresses.ts';
import type { DeliveryQueue, QueueServices } from './delivery-queue.ts';
import { OrderedStrategy } from './ordered-strategy.ts';
import { DEFERRED_ATTEMPTS, type QueuedEvent } from './queued-events.ts';
import { type Move, type OpenAttempt, SendingState, type SendingStrategy } from './sending-state.ts';
import { UnansweredStrategy } from './unanswered-strategy.ts';

/**
 * Sends the events of a delivery queue to its target. In each turn, old events become dead letters, and requests go
 * out until there is something to wait for. When an attempt ends, `outcomeOf` says what its result means,
 * `applyOutcome` what follows, and the pace when the next attempt is.
 */
export class TargetSender {
  readonly queue: DeliveryQueue;
  readonly #services: QueueServices;
  readonly #state: SendingState;
  readonly #task: ScheduledTask;
  #strategy: SendingStrategy;
  #isRunning = false;

  constructor(target: Target, queue: DeliveryQueue, services: QueueServices) {
    this.queue = queue;
    this.#services = services;
    this.#state = new SendingState(target, queue, services);
    this.#task = services.scheduler.task(() => this.#turn());
    const isResponding = !queue.facts.silent || target.requireResponse || target.nats !== undefined;
    this.#strategy = isResponding ? new OrderedStrategy(this.#state) : new UnansweredStrategy(this.#state, true);
  }

  get target(): Target {
    return this.#state.target;
  }

  /** Begins to send, once what an earlier run left is in the queue. */
  start(): void {
    if (hashAddress(this.target.url) !== this.queue.facts.address) this.#move();
    this.#isRunning = true;
    this.#wakeNow();
  }

  push(event: StoredEvent): void {
    this.queue.push(event);
    this.#wakeNow();
  }

  /** Takes another address or other settings; what waits goes there. */
  retarget(next: Target): void {
    const isChanged = settingsOf(next) !== settingsOf(this.target);
    this.#state.target = next;
    if (hashAddress(next.url) !== this.queue.facts.address) this.#move();
    else if (next.requireResponse && this.queue.facts.silent) this.#beginAnew({ silent: false });
    if (isChanged) this.#state.pace.reset();
    if (this.#state.pace.isPaused) this.retry();
    this.#wakeNow();
  }

  /** Tries again at once, whatever it was waiting for. */
  retry(): void {
    this.#state.pace.tryNow(this.#services.clock.monotonic());
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
    const { clock, outbox, deadLetters } = this.#services;
    const { paused, trouble, waitUntil, failures, isReached, refusals } = this.#state.pace.known;
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
    this.#services.scheduler.remove(this.#task);
  }

  #wakeNow(): void {
    if (this.#isRunning) this.#task.atLatest(this.#services.clock.monotonic());
  }

  #turn(): void {
    if (!this.#isRunning) return;
    const { clock } = this.#services;
    this.#task.atLatest(this.#expireOld());
    const now = clock.monotonic();
    // Many requests take some milliseconds, in which the game waits.
    while (clock.monotonic() - now <= SLICE_MS) {
      const move = this.#strategy.nextMove(now);
      if (move.kind === 'wait') {
        this.#task.atLatest(move.until);
        return;
      }
      if (move.kind === 'probe') this.#probe(null);
      else this.#send(move);
    }
    this.#task.atLatest(now);
  }

  /** An event that cannot be read has left the queue, and the next move is for another one. */
  #send({ item, passedOver, deadlineMs }: Extract<Move, { kind: 'send' }>): void {
    const { queue, target } = this;
    const services = this.#services;
    const record = queue.read(item);
    if (record === null) return;
    item.state = 'sending';
    item.attempts += 1;
    const body = seesKey(target)
      ? withKey(record.body, services.currentKey())
      : services.outgoing.withoutKeys(record.body);
    const { type, receivedAt, hops } = record;
    const lastAttempt = item.isDeferred ? item.attempts + DEFERRED_ATTEMPTS - 1 - item.deferredErrors : null;
    const about = { item, passedOver, onBehalfOf: null, attempt: item.attempts, lastAttempt };
    this.#start(about, { id: item.event.id, type, receivedAt, body, hops }, record.replay, deadlineMs);
  }

  /** Asks whether the target is there. @param onBehalfOf the unanswered attempt that raised the question */
  #probe(onBehalfOf: OpenAttempt | null): void {
    const { target } = this;
    const services = this.#services;
    const key = target.includeKey ? { key: services.currentKey() } : {};
    const body = Buffer.from(JSON.stringify({ ...key, type: PROBE_TYPE, data: {} }));
    const receivedAt = services.clock.now();
    const event = { id: `probe-${receivedAt}`, type: PROBE_TYPE, receivedAt, body, hops: 0 };
    const about = { item: null, passedOver: null, onBehalfOf, attempt: 1, lastAttempt: null };
    this.#start(about, event, false, target.timeoutMs);
  }

  #start(
    about: Pick<OpenAttempt, 'item' | 'passedOver' | 'onBehalfOf' | 'attempt' | 'lastAttempt'>,
    event: OutgoingEvent,
    replay: boolean,
    deadlineMs: number,
  ): void {
    const { target } = this;
    const services = this.#services;
    const { clock, send } = services;
    const { id, type } = event;
    const attempt: OpenAttempt = {
      ...about,
      id,
      type,
      startedAt: clock.monotonic(),
      writtenAt: null,
      cancel: () => {},
    };
    this.#state.open = [...this.#state.open, attempt];
    const request = { target, event, attempt: about.attempt, replay, probe: about.item === null };
    attempt.cancel = send(request, deadlineMs, {
      written: () => this.#written(attempt),
      ended: (result) => this.#ended(attempt, result),
    });
  }

  #written(attempt: OpenAttempt): void {
    attempt.writtenAt = this.#services.clock.monotonic();
    this.#state.lastWrittenAt = attempt.writtenAt;
    this.#turn();
  }

  #ended(attempt: OpenAttempt, result: AttemptResult): void {
    if (!this.#state.close(attempt)) return;
    const consequence = this.#strategy.ended(attempt, result);
    if (consequence?.kind === 'probe') this.#probe(consequence.onBehalfOf);
    if (consequence?.kind === 'responding') this.#setResponding(consequence.isResponding);
    this.#turn();
  }

  /**
   * Makes dead letters of the events that are too old.
   *
   * @returns when to look again, in monotonic milliseconds; infinite when nothing waits
   */
  #expireOld(): number {
    const { clock, outbox } = this.#services;
    const { maxAgeMinutes } = this.target;
    const now = clock.monotonic();
    const expiryOf = (event: StoredEvent) => now - outbox.age(event, now) + maxAgeMinutes * 60_000;
    return this.queue.expire(`not delivered within ${maxAgeMinutes} min`, expiryOf);
  }

  /** The target has turned out to take events without an answer, or to answer after all. */
  #setResponding(isResponding: boolean): void {
    const { log, name: target } = this.queue;
    const { insistOnAnswers } = this.#services.wording;
    this.queue.save({ silent: !isResponding });
    this.#strategy = isResponding ? new OrderedStrategy(this.#state) : new UnansweredStrategy(this.#state, false);
    if (isResponding) {
      log.info('A forwarding target answers after all.', { target });
      return;
    }
    const insist = insistOnAnswers === null ? '' : ` ${insistOnAnswers}`;
    const message =
      'A forwarding target takes events but never answers, as listeners in the documentation do. ' +
      `It is checked now and then.${insist}`;
    log.warn(message, { target });
  }

  #callOff(item: QueuedEvent): void {
    for (const attempt of this.#state.open) {
      if (attempt.item === item || attempt.onBehalfOf?.item === item) this.#state.putBack(attempt);
    }
  }

  /** Also what a non-responding target was sent: it is not proven to be taken. */
  #putAllBack(): void {
    for (const attempt of this.#state.open) this.#state.putBack(attempt);
    for (const item of this.queue.unconfirmed()) item.state = 'waiting';
  }

  #beginAnew(facts: Parameters<DeliveryQueue['save']>[0]): void {
    this.#putAllBack();
    this.#state.passedOver = null;
    this.queue.save(facts);
    this.#strategy = new OrderedStrategy(this.#state);
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
