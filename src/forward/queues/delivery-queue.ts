import type { KeyRing } from '../../events/api-keys.ts';
import type { Backoff } from '../../lib/backoff.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Send } from '../delivery.ts';
import type { LaneCounts } from '../forwarding-status.ts';
import type { DeadLetters } from '../outbox/dead-letters.ts';
import type { Outbox, StoredEvent } from '../outbox/outbox.ts';
import type { OutgoingBodies } from '../outbox/outgoing-bodies.ts';
import { eventKey } from '../outbox/store-keys.ts';
import type { EventRecord, QueueRecord } from '../outbox/stored-records.ts';
import { BETWEEN_TURNS_MS, isDue, type Scheduler, SLICE_MS, WRITES_A_TURN } from '../scheduler.ts';
import { isMeant } from '../signed-headers.ts';
import type { CheckedStore } from '../stores/checked-store.ts';
import type { AttemptReport } from './attempt-log.ts';
import type { Wording } from './outcomes.ts';
import { EventOrder, QueuedEvent, type RecoveredEvents } from './queued-events.ts';

export interface RetrySettings extends Backoff {
  /** Failures in a row after which sending is paused. */
  readonly parkAfter: number;
}

/** What the delivery queues of all targets share. */
export interface QueueServices {
  readonly store: CheckedStore;
  readonly outbox: Outbox;
  readonly deadLetters: DeadLetters;
  readonly scheduler: Scheduler;
  readonly retries: RetrySettings;
  readonly send: Send;
  readonly clock: Clock;
  readonly log: Log;
  readonly wording: Wording;
  /** Told of each attempt when it has ended. */
  attempted?(report: AttemptReport): void;
  /** @returns a number from 0 to below 1 */
  random(): number;
  /** @returns the API key that targets are to see */
  currentKey(): string;
  /** All keys in force. */
  keys(): KeyRing;
  readonly outgoing: OutgoingBodies;
}

type LeavingCount = 'delivered' | 'unwanted' | 'deadLettered' | 'lost' | 'dropped';

const MAX_EVENTS = 10_000;
const MAX_BYTES = 32 * 1024 * 1024;

/** The events that are to be delivered to one target, in order, in memory and in the store. */
export class DeliveryQueue {
  /** The target's. */
  readonly name: string;
  /** Up to which event it is done, and what is remembered of the target over restarts. */
  facts: QueueRecord;
  readonly counts: LaneCounts = {
    accepted: 0,
    recovered: 0,
    delivered: 0,
    unconfirmed: 0,
    unwanted: 0,
    deadLettered: 0,
    lost: 0,
    lostDeadLetters: 0,
    dropped: 0,
    leftAlone: 0,
  };
  /** Events that have not left it, and the bytes of what is stored of them. */
  length = 0;
  bytes = 0;
  /** The events that are sent outside the order. */
  deferred: readonly QueuedEvent[] = [];
  readonly #services: QueueServices;
  readonly #order: EventOrder;
  /** Before, what an earlier run left may come in front of all that is here. */
  #isAdopted = false;

  constructor(name: string, facts: QueueRecord, services: QueueServices) {
    this.name = name;
    this.facts = facts;
    this.#order = new EventOrder(facts);
    this.#services = services;
  }

  get log(): Log {
    return this.#services.log;
  }

  /** The first event that has not left it, be it under way or set aside; null when there is none. */
  get oldest(): StoredEvent | null {
    let oldest = this.#order.first?.event ?? null;
    for (const { event } of this.deferred) if (oldest === null || event.seq < oldest.seq) oldest = event;
    return oldest;
  }

  save(changes: Partial<Pick<QueueRecord, 'answered' | 'silent' | 'address'>> = {}): void {
    const deferred = this.deferred.map(({ event, deferredErrors }) => [event.seq, deferredErrors] as const);
    const progress = this.#isAdopted ? { ...this.#order.progress(), deferred } : {};
    this.facts = { ...this.facts, ...changes, ...progress };
    this.#services.outbox.saveQueue(this.name, this.facts);
  }

  /** Takes up what an earlier run left, before everything that has been pushed since. */
  adopt({ items, deferred, bytes }: RecoveredEvents = { items: [], deferred: [], bytes: 0 }): void {
    this.#order.recover(items);
    this.#isAdopted = true;
    this.deferred = [...this.deferred, ...deferred];
    this.counts.recovered += items.length + deferred.length;
    this.length += items.length + deferred.length;
    this.bytes += bytes;
  }

  /** Adds an event at the end, for which the oldest dead letters and then the oldest events give way. */
  push(event: StoredEvent): void {
    this.#order.push(new QueuedEvent(event));
    this.counts.accepted += 1;
    this.length += 1;
    this.bytes += event.size;
    this.#makeRoom();
  }

  /** Makes a dead letter of an event that must not be sent. */
  refuse(event: { readonly seq: number; readonly id: string }, record: EventRecord, reason: string): void {
    this.#services.deadLetters.add(this.name, event, record, { reason, attempts: 0 });
    this.counts.accepted += 1;
    this.counts.deadLettered += 1;
    this.#makeRoom();
  }

  /** @returns the first event in order that waits, or with 1 the second; null when there is none */
  waiting(index: 0 | 1 = 0): QueuedEvent | null {
    return this.#order.waiting(index);
  }

  /**
   * The events that wait: the few that were deferred, then the others from the oldest on. The walk goes on only while
   * each of the others leaves the queue before the next is asked for.
   */
  *#eachWaiting(): Generator<QueuedEvent, void, undefined> {
    for (const deferred of this.deferred) if (deferred.state === 'waiting') yield deferred;
    for (let head = this.waiting(); head !== null; head = this.waiting()) yield head;
  }

  /** The events that were sent and of which nothing is known. */
  unconfirmed(): QueuedEvent[] {
    return this.#present().filter(({ state }) => state === 'unconfirmed');
  }

  find(seq: number): QueuedEvent | null {
    return this.#order.find(seq) ?? this.deferred.find(({ event }) => event.seq === seq) ?? null;
  }

  /** @param id of an event or of its replay */
  findById(id: string): QueuedEvent[] {
    return this.#present().filter(({ event }) => isMeant(id, event.id));
  }

  /** Reads an event that is to be sent. @returns null when it cannot be read, and then it has left the queue */
  read(item: QueuedEvent): EventRecord | null {
    const { outbox, deadLetters } = this.#services;
    const { event, attempts } = item;
    const record = outbox.load(event);
    if (record === null) {
      deadLetters.addDamaged(this.name, event, eventKey(event), outbox.remains(event), attempts);
      this.leave(item, 'deadLettered');
    }
    return record;
  }

  /** Takes an event out of the order, so that the others need not wait for it. */
  defer(item: QueuedEvent, dueAt: number): void {
    const message =
      'An event is set aside: the target fails over it and takes others. It will arrive out of order, if at all.';
    this.log.coalesce({ target: this.name }).warn(message, { id: item.event.id, attempts: item.attempts });
    const deferred: QueuedEvent = { ...item, state: 'waiting', isDeferred: true, dueAt };
    this.deferred = [...this.deferred, deferred];
    this.#order.remove(item);
    this.save();
  }

  /** Takes an event out of the queue for good. @param count what it counts as */
  leave(item: QueuedEvent, count: LeavingCount): void {
    this.counts[count] += 1;
    this.length -= 1;
    this.bytes -= item.event.size;
    if (item.isDeferred) {
      item.state = 'done';
      this.deferred = this.deferred.filter((other) => other !== item);
    } else this.#order.remove(item);
    this.save();
    this.#services.outbox.release(item.event);
  }

  /** A non-responding target has taken it. */
  leaveUnconfirmed(item: QueuedEvent): void {
    this.counts.unconfirmed += 1;
    this.leave(item, 'delivered');
  }

  lose(item: QueuedEvent, reason: string): void {
    this.leave(item, 'lost');
    const details = { id: item.event.id, lost: this.counts.lost };
    this.log.coalesce({ target: this.name, reason }).error('An event is lost to a target.', details);
  }

  /** Gives up on an event, and keeps it for a replay. */
  deadLetter(item: QueuedEvent, reason: string): void {
    const record = this.read(item);
    if (record === null) return;
    const { deadLetters, wording } = this.#services;
    const { event, attempts } = item;
    // Stored before it leaves the queue: a process that dies in between has it twice rather than not at all.
    deadLetters.add(this.name, event, record, { reason, attempts });
    this.leave(item, 'deadLettered');
    const details = { id: event.id, type: record.type, attempts };
    const line = `An event was given up on; ${wording.afterGivingUp}.`;
    this.log.coalesce({ target: this.name, reason }).warn(line, details);
  }

  /**
   * Makes dead letters of the events that have waited for too long, some in a turn.
   *
   * @param expiryOf when an event is given up on, in monotonic milliseconds
   * @returns when to go on or to look again; infinite when nothing waits
   */
  expire(reason: string, expiryOf: (event: StoredEvent) => number): number {
    const { clock } = this.#services;
    const began = clock.monotonic();
    let expired = 0;
    let lookAgain = Number.POSITIVE_INFINITY;
    for (const item of this.#eachWaiting()) {
      const expiresAt = expiryOf(item.event);
      if (!isDue(expiresAt, began)) {
        lookAgain = Math.min(lookAgain, expiresAt);
        if (item.isDeferred) continue;
        break;
      }
      if (expired >= WRITES_A_TURN || clock.monotonic() - began > SLICE_MS) return began + BETWEEN_TURNS_MS;
      this.deadLetter(item, reason);
      expired += 1;
    }
    return lookAgain;
  }

  #makeRoom(): void {
    const { deadLetters } = this.#services;
    const isFull = () =>
      this.length + deadLetters.count(this.name) > MAX_EVENTS || this.bytes + deadLetters.bytes(this.name) > MAX_BYTES;
    while (isFull()) {
      const deadLetter = deadLetters.dropOldest(this.name);
      if (deadLetter !== null) {
        this.counts.lostDeadLetters += 1;
        const details = { id: deadLetter.id, lost: this.counts.lostDeadLetters };
        this.log.coalesce({ target: this.name }).error('A dead letter is lost to make room for events.', details);
        continue;
      }
      const oldest = this.waiting();
      if (oldest === null) return;
      this.lose(oldest, 'too many events wait');
    }
  }

  /** All that have not left. */
  #present(): QueuedEvent[] {
    return [...this.#order.all(), ...this.deferred];
  }
}
