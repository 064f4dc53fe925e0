import type { KeyRing } from '../../events/key-ring.ts';
import type { Backoff } from '../../lib/backoff.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Send } from '../delivery.ts';
import type { LaneCounts } from '../forwarding-status.ts';
import type { DeadLetters } from '../outbox/dead-letters.ts';
import type { Outbox, StoredEvent } from '../outbox/outbox.ts';
import type { OutgoingBodies } from '../outbox/outgoing-bodies.ts';
import { markKey, queueKey } from '../outbox/store-keys.ts';
import { type DamagedRecord, type EventRecord, type QueueRecord, writeQueue } from '../outbox/stored-records.ts';
import { BETWEEN_TURNS_MS, isDue, type Scheduler, SLICE_MS, WRITES_A_TURN } from '../scheduler.ts';
import { isMeant } from '../signed-headers.ts';
import type { CheckedStore } from '../stores/checked-store.ts';
import { AttemptLog, type AttemptReport } from './attempt-log.ts';
import type { Wording } from './outcomes.ts';

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

/** An event in a delivery queue. */
export class QueuedEvent {
  readonly event: StoredEvent;
  /**
   * `sending`: a request with it is under way. `unconfirmed`: sent to a non-responding target, and not yet known to be taken.
   * `done`: it has left the queue.
   */
  state: 'waiting' | 'sending' | 'unconfirmed' | 'done' = 'waiting';
  /** Requests made so far, as far as this run knows. */
  attempts = 0;
  /** Answers 5xx in a row of attempts, until the target turned out to be down. */
  serverErrors = 0;
  /** Whether it is sent outside the order, on a schedule of its own. */
  isDeferred = false;
  /** Answers 5xx since it was deferred. */
  deferredErrors = 0;
  /** When a deferred event is sent next, in monotonic milliseconds. */
  dueAt = 0;
  /** Whether the store has a mark that it still waits. */
  isMarked = false;

  constructor(event: StoredEvent) {
    this.event = event;
  }
}

/** Answers 5xx after which an event is deferred, if the next one is taken. */
export const DEFER_AFTER = 3;
/** Answers 5xx after that, until it is given up on. */
export const DEFERRED_ATTEMPTS = 7;

/** What an earlier run left for a target. */
export interface RecoveredEvents {
  /** In order; becomes the queue. */
  readonly items: QueuedEvent[];
  readonly deferred: QueuedEvent[];
  /** Of all of them, as stored. */
  bytes: number;
}

type LeavingCount = 'delivered' | 'unwanted' | 'deadLettered' | 'lost' | 'dropped';

const MAX_EVENTS = 10_000;
const MAX_BYTES = 32 * 1024 * 1024;
/** Events at the front that are done are dropped from memory in batches of this size. */
const BATCH = 512;

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
  #items: QueuedEvent[] = [];
  #front = 0;

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

  save(changes: Partial<QueueRecord> = {}): void {
    this.facts = { ...this.facts, ...changes };
    const key = queueKey(this.name, this.slot);
    this.#services.store.set(key, writeQueue(this.facts, key));
  }

  /** Takes up what an earlier run left, before everything that has been pushed since. */
  adopt(recovered: RecoveredEvents): void {
    // The recovered list is kept and not copied: it can be long, and the game waits meanwhile.
    const found = recovered.items.length + recovered.deferred.length;
    for (const pushed of this.#items.slice(this.#front)) recovered.items.push(pushed);
    this.#items = recovered.items;
    this.#front = 0;
    this.deferred = [...this.deferred, ...recovered.deferred];
    this.counts.recovered += found;
    this.length += found;
    this.bytes += recovered.bytes;
    const marked = this.#present().filter(({ isMarked }) => isMarked);
    const marks = marked.reduce((sum, { event }) => sum + event.seq, 0);
    if (marks !== this.facts.marks) this.save({ marks });
  }

  /** Adds an event at the end, for which the oldest dead letters and then the oldest events give way. */
  push(event: StoredEvent): void {
    this.#items.push(new QueuedEvent(event));
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

  /** @returns the first event that waits, or with 1 the second; null when there is none */
  waiting(index: 0 | 1 = 0): QueuedEvent | null {
    let skipped = 0;
    for (let at = this.#front; at < this.#items.length; at += 1) {
      const item = this.#items[at];
      if (item?.state !== 'waiting') continue;
      if (skipped === index) return item;
      skipped += 1;
    }
    return null;
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

  /** By halving, since with a broken store and a full memory many events are looked for at once. */
  find(seq: number): QueuedEvent | null {
    let [low, high] = [this.#front, this.#items.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#items[middle]?.event.seq ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    const candidates = [this.#items[low], ...this.deferred];
    return candidates.find((item) => item?.event.seq === seq && item.state !== 'done') ?? null;
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
    this.log.warn(message, { id: item.event.id, target: this.name, attempts: item.attempts });
    const deferred: QueuedEvent = { ...item, state: 'waiting', isDeferred: true, dueAt };
    this.saveDeferred(deferred);
    this.deferred = [...this.deferred, deferred];
    item.state = 'done';
    this.#advance();
    this.save();
  }

  /** Remembers how often a deferred event has failed. */
  saveDeferred(item: QueuedEvent): void {
    this.#mark(item, `aside ${item.deferredErrors}`);
  }

  /** Takes an event out of the queue for good. @param count what it counts as */
  leave(item: QueuedEvent, count: LeavingCount): void {
    this.counts[count] += 1;
    this.#takeOut(item);
    this.#services.outbox.release(item.event);
    if (!item.isMarked) return;
    this.#services.store.delete(markKey(this.name, item.event.seq));
    this.save({ marks: (this.facts.marks ?? 0) - item.event.seq });
  }

  /** A non-responding target has taken it. */
  leaveUnconfirmed(item: QueuedEvent): void {
    this.counts.unconfirmed += 1;
    this.leave(item, 'delivered');
  }

  lose(item: QueuedEvent, reason: string): void {
    this.leave(item, 'lost');
    const fields = { id: item.event.id, target: this.name, reason, lost: this.counts.lost };
    this.log.error('An event is lost to a target.', fields);
  }

  #giveUpDamaged(item: QueuedEvent, damaged: DamagedRecord): void {
    const { deadLetters, clock } = this.#services;
    const { id } = item.event;
    const { reason } = damaged;
    deadLetters.add(this.name, item.event, damaged, { reason, at: clock.now(), attempts: item.attempts });
    this.leave(item, 'deadLettered');
    const message = 'A stored event cannot be read and is not forwarded: what is left of it is a dead letter.';
    this.log.error(message, { id, target: this.name, reason });
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
    const fields = { id: event.id, type: record.type, target: this.name, reason, attempts };
    this.log.warn(`An event was given up on; ${wording.afterGivingUp}.`, fields);
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

  /** Makes what the store says as exact as what memory knows. */
  persist(): void {
    const last = this.#items.findLastIndex(({ state }) => state === 'done');
    for (const item of this.#items.slice(this.#front, last + 1)) {
      if (item.state !== 'done') this.#mark(item, WAITING_MARK);
    }
    this.save({ seq: Math.max(this.facts.seq, this.#items[last]?.event.seq ?? 0) });
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
        const fields = { id: deadLetter.id, target: this.name, lost: this.counts.lostDeadLetters };
        this.log.error('A dead letter is lost to make room for events.', fields);
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

  #takeOut(item: QueuedEvent): void {
    this.length -= 1;
    this.bytes -= item.event.size;
    item.state = 'done';
    if (item.isDeferred) this.deferred = this.deferred.filter((other) => other !== item);
    else this.#advance();
  }

  /** The cursor stands before the first event that has not left, and never goes back. */
  #advance(): void {
    let { seq } = this.facts;
    const before = this.#front;
    for (let item = this.#items[before]; item?.state === 'done'; item = this.#items[this.#front]) {
      seq = Math.max(seq, item.event.seq);
      this.#front += 1;
    }
    if (this.#front === before) return;
    this.save({ seq });
    if (this.#front < BATCH || this.#front * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#front);
    this.#front = 0;
  }

  #mark(item: QueuedEvent, value: string): void {
    this.#services.store.set(markKey(this.name, item.event.seq), value);
    if (!item.isMarked) this.facts = { ...this.facts, marks: (this.facts.marks ?? 0) + item.event.seq };
    item.isMarked = true;
  }

  /** All that have not left. */
  #present(): QueuedEvent[] {
    return [...this.#items.slice(this.#front), ...this.deferred].filter(({ state }) => state !== 'done');
  }
}
