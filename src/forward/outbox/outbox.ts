import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { CheckedStore } from '../stores/checked-store.ts';
import { COUNTER_KEY, type EventKey, eventKey, queueKey, setAsideKey } from './store-keys.ts';
import {
  decodeEvent,
  type EventRecord,
  encodeEvent,
  type QueueRecord,
  seal,
  sealedBytes,
  UNKNOWN_QUEUE,
  unseal,
} from './stored-records.ts';

/** A waiting event as memory holds it, without its body. All delivery queues that it waits in share one object. */
export interface StoredEvent extends EventKey {
  /** Number of targets that have not taken it yet. */
  pendingTargets: number;
  /** Monotonic milliseconds at which its age begins; NaN for a recovered event until its record is read. */
  enqueuedAt: number;
}

/** Sequence numbers that one write of the counter reserves, so that not every event costs that write. */
const RESERVED_AT_ONCE = 1_000;

/** The events that wait, with their bodies, and the records of the delivery queues. */
export class Outbox {
  /** Whether the counter could be read. Otherwise the whole store has to be searched before an event can be added. */
  readonly knowsLastSeq: boolean;
  /** Sequence numbers up to this one are taken. */
  lastSeq: number;
  readonly #store: CheckedStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #startedAt: { readonly wall: number; readonly monotonic: number };
  readonly #recent = new RecentRecords();
  #reserved: number;

  constructor(store: CheckedStore, clock: Clock, log: Log) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#startedAt = { wall: clock.now(), monotonic: clock.monotonic() };
    const value = store.get(COUNTER_KEY);
    const counter = unseal(COUNTER_KEY, value);
    if (value !== null && counter === null) {
      const message = 'The counter of the outbox is damaged. It is restored from the keys in the database.';
      log.error(message, { key: COUNTER_KEY });
    }
    this.knowsLastSeq = counter !== null;
    this.lastSeq = Number(counter ?? 0);
    this.#reserved = this.lastSeq;
  }

  /** Makes sure that a sequence number found in the store is not assigned again. */
  sawSeq(seq: number): void {
    this.lastSeq = Math.max(this.lastSeq, seq);
  }

  /** Assigns a sequence number. Called from outside only for an event that goes straight to the dead letters. */
  nextSeq(): number {
    this.lastSeq += 1;
    if (this.lastSeq > this.#reserved) {
      this.#reserved = this.lastSeq + RESERVED_AT_ONCE;
      this.#store.set(COUNTER_KEY, seal(COUNTER_KEY, String(this.#reserved)));
    }
    return this.lastSeq;
  }

  /** Stores an event: one write, however many targets it is for. @param targets their names */
  add(record: EventRecord, id: string, targets: readonly string[]): StoredEvent {
    const content = encodeEvent(record);
    const place = { seq: this.nextSeq(), targets, size: sealedBytes(content), id };
    const key = eventKey(place);
    this.#store.set(key, seal(key, content));
    const event = { ...place, pendingTargets: targets.length, enqueuedAt: this.#clock.monotonic() };
    this.#recent.put(event, record);
    return event;
  }

  /** @returns null for an event whose record is damaged */
  load(event: StoredEvent): EventRecord | null {
    const recent = this.#recent.get(event);
    if (recent !== null) return recent;
    const content = unseal(eventKey(event), this.remains(event));
    if (content === null) return null;
    const record = decodeEvent(content);
    this.#recent.put(event, record);
    // Ages are monotonic. For the time before this start, only the wall clock can tell.
    const { wall, monotonic } = this.#startedAt;
    if (Number.isNaN(event.enqueuedAt)) event.enqueuedAt = monotonic - Math.max(0, wall - record.enqueuedAt);
    return record;
  }

  /** @returns what is stored of an event, readable or not */
  remains(event: EventKey): string {
    return this.#store.get(eventKey(event)) ?? '';
  }

  /** @returns milliseconds since it was put into the queue, never negative; 0 for one that cannot be read */
  age(event: StoredEvent, now: number): number {
    if (Number.isNaN(event.enqueuedAt)) this.load(event);
    return Number.isNaN(event.enqueuedAt) ? 0 : Math.max(0, now - event.enqueuedAt);
  }

  /** Notes that one more target is done with an event; after the last target, its record is removed. */
  release(event: StoredEvent): void {
    event.pendingTargets -= 1;
    if (event.pendingTargets > 0) return;
    this.#recent.remove(event);
    this.#store.delete(eventKey(event));
  }

  /** Reads the record of a target's queue. One that is damaged is reported and set aside. */
  loadQueue(target: string): QueueRecord {
    const key = queueKey(target);
    const value = this.#store.get(key);
    if (value === null) return UNKNOWN_QUEUE;
    const content = unseal(key, value);
    if (content === null) {
      this.#store.set(setAsideKey(key), value);
      this.#store.delete(key);
      const message = 'The queue record of a target is damaged: what is still stored for it is sent once more.';
      this.#log.error(message, { target, key: setAsideKey(key) });
      return UNKNOWN_QUEUE;
    }
    const record: QueueRecord = JSON.parse(content);
    this.sawSeq(Math.max(record.doneUpTo, ...record.doneAhead));
    return record;
  }

  saveQueue(target: string, record: QueueRecord): void {
    const key = queueKey(target);
    this.#store.set(key, seal(key, JSON.stringify(record)));
  }

  removeQueue(target: string): void {
    this.#store.delete(queueKey(target));
  }
}

const MAX_RECORDS = 64;
const MAX_BYTES = 1024 * 1024;

/** A small cache of the records that were added or read last: most are sent within milliseconds. */
class RecentRecords {
  readonly #records = new Map<StoredEvent, EventRecord>();
  #bytes = 0;

  get(event: StoredEvent): EventRecord | null {
    return this.#records.get(event) ?? null;
  }

  put(event: StoredEvent, record: EventRecord): void {
    this.remove(event);
    this.#records.set(event, record);
    this.#bytes += record.body.bytes.length;
    for (const oldest of this.#records.keys()) {
      if (this.#records.size <= MAX_RECORDS && this.#bytes <= MAX_BYTES) break;
      this.remove(oldest);
    }
  }

  remove(event: StoredEvent): void {
    this.#bytes -= this.#records.get(event)?.body.bytes.length ?? 0;
    this.#records.delete(event);
  }
}
