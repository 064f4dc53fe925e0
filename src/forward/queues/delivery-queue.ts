import type { KeyRing } from '../../events/api-keys.ts';
import type { Backoff } from '../../lib/backoff.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Send } from '../delivery.ts';
import type { LaneCounts } from '../forwarding-status.ts';
import type { DeadLetters } from '../outbox/dead-letters.ts';
import type { Outbox, StoredEvent } from '../outbox/outbox.ts';
import type { OutgoingBodies } from '../outbox/outgoing-bodies.ts';
import { markKey, queueKey } from '../outbox/store-keys.ts';
import {
  type DamagedRecord,
  type EventRecord,
  linkTo,
  type QueueRecord,
  writeQueue,
} from '../outbox/stored-records.ts';
import { BETWEEN_TURNS_MS, isDue, type Scheduler, SLICE_MS, WRITES_A_TURN } from '../scheduler.ts';
import { isMeant } from '../signed-headers.ts';
import type { CheckedStore } from '../stores/checked-store.ts';
import { AttemptLog, type AttemptReport } from './attempt-log.ts';
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

/** In the store: the event still waits, in its place. */
const WAITING_MARK = 'owed';

/** The events that are to be delivered to one target, in order, in memory and in the store. */
export class DeliveryQueue {
  /** The target's. */
  readonly name: string;
  /** Its place in the masks of the events. */
  readonly slot: number;
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
  readonly attemptLog: AttemptLog;
  /** Events that have not left it, and the bytes of what is stored of them. */
  length = 0;
  bytes = 0;
  /** The events that are sent outside the order. */
  deferred: readonly QueuedEvent[] = [];
  readonly #services: QueueServices;
  readonly #order = new EventOrder();
  /** Before, what an earlier run left may come in front of all that is here. */
  #isAdopted = false;

  constructor(name: string, slot: number, facts: QueueRecord, services: QueueServices) {
    this.name = name;
    this.slot = slot;
    this.facts = facts;
    this.attemptLog = new AttemptLog(services.log, name, services.attempted);
    this.#services = services;
  }

  get log(): Log {
    return this.attemptLog.log;
  }

  /** The first event that has not left it, be it under way or set aside; null when there is none. */
  get oldest(): StoredEvent | null {
    let oldest = this.#order.first?.event ?? null;
    for (const { event } of this.deferred) if (oldest === null || event.seq < oldest.seq) oldest = event;
    return oldest;
  }

  save(changes: Partial<QueueRecord> = {}): void {
    this.facts = { ...this.facts, ...changes, ...(this.#isAdopted && { named: this.#order.names() }) };
    const key = queueKey(this.name, this.slot);
    this.#services.store.set(key, writeQueue(this.facts, key));
  }

  /** Takes up what an earlier run left, before everything that has been pushed since. */
  adopt(recovered: RecoveredEvents): void {
    const { outbox } = this.#services;
    const found = recovered.items.length + recovered.deferred.length;
    // What a lost mark or record has brought back would count as done at the next start.
    const firstUnmarked = recovered.items.find(({ isMarked }) => !isMarked)?.event.seq ?? Number.POSITIVE_INFINITY;
    const lastBefore = this.#order.putBefore(recovered.items, outbox.lastSeq);
    this.#isAdopted = true;
    this.deferred = [...this.deferred, ...recovered.deferred];
    this.counts.recovered += found;
    this.length += found;
    this.bytes += recovered.bytes;
    const marked = this.#present().filter(({ isMarked }) => isMarked);
    const marks = marked.reduce((sum, { event }) => sum + event.seq, 0);
    const isExact = marks === (this.facts.marks ?? 0);
    const since = (isExact ? this.facts.since : undefined) ?? lastBefore;
    const seq = Math.min(this.facts.seq, firstUnmarked - 1);
    if (found > 0 || marks !== this.facts.marks || this.facts.named === undefined) this.save({ marks, seq, since });
    for (const item of recovered.lost) this.read(item);
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
    const { deadLetters, clock } = this.#services;
    deadLetters.add(this.name, event, record, { reason, at: clock.now(), attempts: 0 });
    this.counts.accepted += 1;
    this.counts.deadLettered += 1;
    this.#makeRoom();
  }

  /** @returns the first event in order that waits, or with 1 the second; null when there is none */
  waiting(index: 0 | 1 = 0): QueuedEvent | null {
    return this.#order.waiting(index);
  }

  /**
   * The events that wait: the few that were deferred, then the others from the oldest on. The walk goes on only while each of the
   * others leaves the queue before the next is asked for.
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
    const result = this.#services.outbox.load(item.event);
    if (result.kind === 'readable') return result.record;
    if (result.kind === 'newer') this.#leaveInStore(item);
    else this.#giveUpDamaged(item, result);
    return null;
  }

  /** Takes an event out of the order, so that the others need not wait for it. */
  defer(item: QueuedEvent, dueAt: number): void {
    const message =
      'An event is set aside: the target fails over it and takes others. It will arrive out of order, if at all.';
    this.log.coalesce({ target: this.name }).warn(message, { id: item.event.id, attempts: item.attempts });
    const deferred: QueuedEvent = { ...item, state: 'waiting', isDeferred: true, dueAt };
    this.saveDeferred(deferred);
    this.deferred = [...this.deferred, deferred];
    this.#takeFromOrder(item);
    this.save();
  }

  /** Remembers how often a deferred event has failed. */
  saveDeferred(item: QueuedEvent): void {
    this.#mark(item, `aside ${item.deferredErrors}`);
  }

  /** Takes an event out of the queue for good. @param count what it counts as */
  leave(item: QueuedEvent, count: LeavingCount): void {
    const { outbox, store } = this.#services;
    const { seq } = item.event;
    this.counts[count] += 1;
    this.#takeOut(item);
    const marks = (this.facts.marks ?? 0) - (item.isMarked ? seq : 0);
    if (item.isMarked) store.delete(markKey(this.name, seq));
    // Before its record goes: what is neither there nor done has been lost.
    this.save({ marks });
    outbox.release(item.event);
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

  #giveUpDamaged(item: QueuedEvent, damaged: DamagedRecord): void {
    const { deadLetters, clock } = this.#services;
    const { id } = item.event;
    const { reason } = damaged;
    deadLetters.add(this.name, item.event, damaged, { reason, at: clock.now(), attempts: item.attempts });
    this.leave(item, 'deadLettered');
    const message = 'A stored event cannot be read and is not forwarded: what is left of it is a dead letter.';
    this.log.coalesce({ target: this.name, reason }).error(message, { id });
  }

  /** Gives up on an event, and keeps it for a replay. */
  deadLetter(item: QueuedEvent, reason: string): void {
    const record = this.read(item);
    if (record === null) return;
    const { deadLetters, clock, wording } = this.#services;
    const { event, attempts } = item;
    // Stored before it leaves the queue: a process that dies in between has it twice rather than not at all.
    deadLetters.add(this.name, event, record, { reason, at: clock.now(), attempts });
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

  /** Removes every trace of the queue from the store. */
  forget(): void {
    this.#services.store.delete(queueKey(this.name, this.slot));
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

  /** Goes on without an event, which stays in the store as one that still waits. */
  #leaveInStore(item: QueuedEvent): void {
    this.#mark(item, WAITING_MARK);
    this.counts.leftAlone += 1;
    this.#takeOut(item);
    this.save();
  }

  #takeOut(item: QueuedEvent) {
    this.length -= 1;
    this.bytes -= item.event.size;
    if (!item.isDeferred) return this.#takeFromOrder(item);
    item.state = 'done';
    this.deferred = this.deferred.filter((other) => other !== item);
  }

  /** The cursor stands before the first event in order, and never goes back. */
  #takeFromOrder(item: QueuedEvent): void {
    const doneUpTo = this.#order.remove(item);
    if (this.#isAdopted) this.facts = { ...this.facts, seq: Math.max(this.facts.seq, doneUpTo) };
  }

  /** @param words what earlier versions wrote, too; the event is named behind */
  #mark(item: QueuedEvent, words: string): void {
    this.#services.store.set(markKey(this.name, item.event.seq), `${words} ${JSON.stringify(linkTo(item.event))}`);
    if (!item.isMarked) this.facts = { ...this.facts, marks: (this.facts.marks ?? 0) + item.event.seq };
    item.isMarked = true;
  }

  /** All that have not left. */
  #present(): QueuedEvent[] {
    return [...this.#order.all(), ...this.deferred];
  }
}
