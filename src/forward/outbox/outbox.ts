import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { CheckedStore } from '../stores/checked-store.ts';
import { COUNTER_KEY, type EventKey, eventKey, eventPlace, hasSlot, INDEX_KEY, LAST_KEY, SLOTS } from './store-keys.ts';
import {
  type EventLink,
  type EventRecord,
  linkTo,
  type ReadRecord,
  readIndex,
  readLast,
  readRecord,
  type StoreIndex,
  writeIndex,
  writeLast,
  writeRecord,
} from './stored-records.ts';

/** An event that waits: what is kept of it in memory. The delivery queues that it waits in share it. */
export interface StoredEvent extends EventKey {
  /** How many targets it is still to be delivered to. */
  pendingTargets: number;
  /** Monotonic milliseconds at which its age began; not a number until a recovered event was read. */
  enqueuedAt: number;
}

/** Sequence numbers that are taken in the store at once, so that a new start need not wait for a walk over all keys. */
const RESERVE = 1_000;
const JUMP_MS = 5 * 60_000;
const TRUCE_MS = 10 * 60_000;

/** What the counter says at most: a key has room for 15 digits. */
const COUNTED = /^\d{1,14}$/;

/** The events that wait and their bodies. */
export class Outbox {
  /** Whether the store said where to go on, so that events can be added before it was searched. */
  knowsLastSeq: boolean;
  /** The delivery queues that there should be, as far as the store says; null where it does not. */
  listed: StoreIndex['queues'] | null;
  /** Whether 5.0.0, which keeps no names of dead letters, ran last. */
  readonly isFromFirstVersion: boolean;
  /** Sequence numbers up to this one are taken. */
  lastSeq: number;
  readonly #store: CheckedStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #startedAt: { readonly wall: number; readonly monotonic: number };
  readonly #recent = new RecentRecords();
  /** By slot the event that was stored last for it: should the record of that one be lost, this is where it is named. */
  readonly #last = new Map<number, EventLink>();
  readonly #reported = new Set<number>();
  #reserved: number;
  /** Between the two clocks. */
  #clockOffset: number;
  #truceUntil = 0;

  constructor(store: CheckedStore, clock: Clock, log: Log) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#startedAt = { wall: clock.now(), monotonic: clock.monotonic() };
    this.#clockOffset = this.#startedAt.wall - this.#startedAt.monotonic;
    const counted = store.get(COUNTER_KEY) ?? '';
    const index = readIndex(store.get(INDEX_KEY), INDEX_KEY);
    this.knowsLastSeq = COUNTED.test(counted);
    this.listed = index?.queues ?? null;
    // 5.0.0 writes no index: where it ran last, the counter is ahead.
    this.#reserved = Math.max(this.knowsLastSeq ? Number(counted) : 0, index?.reserved ?? 0);
    this.isFromFirstVersion = index === null || index.reserved < this.#reserved;
    this.lastSeq = this.#reserved;
    for (const link of readLast(store.get(LAST_KEY), LAST_KEY)) {
      this.sawSeq(link[0]);
      for (let slot = 0; slot < SLOTS; slot += 1) if (hasSlot(link[1], slot)) this.#last.set(slot, link);
    }
  }

  /** The events that were stored last for their targets, in order. */
  get last(): readonly EventLink[] {
    return [...new Set(this.#last.values())].sort(([a], [b]) => a - b);
  }

  /** Takes note of a sequence number found in the store. */
  sawSeq(seq: number): void {
    this.lastSeq = Math.max(this.lastSeq, seq);
  }

  /** Stores an event, and its name in another record. @param queues those of the targets that it is to be delivered to */
  add(record: EventRecord, id: string, queues: readonly { readonly slot: number }[]): StoredEvent {
    const seq = this.nextSeq();
    const slots = queues.reduce((sum, { slot }) => sum + 2 ** slot, 0);
    const after = this.last.filter((link) => queues.some(({ slot }) => this.#last.get(slot) === link));
    const linked = { ...record, after: after.length > 0 ? after : undefined };
    const { value, size } = writeRecord(linked, eventPlace({ seq, slots, id }));
    const enqueuedAt = this.#clock.monotonic();
    const event = { seq, slots, size, id, pendingTargets: queues.length, enqueuedAt };
    this.#store.set(eventKey(event), value);
    this.#recent.put(seq, linked);
    const link = linkTo(event);
    for (const { slot } of queues) this.#last.set(slot, link);
    this.#store.set(LAST_KEY, writeLast(this.last, LAST_KEY));
    return event;
  }

  /** Reads an event. One of a later version is reported, once. */
  load(event: StoredEvent): ReadRecord {
    const held = this.#recent.get(event.seq);
    if (held !== null) return { kind: 'readable', record: held };
    const result = readRecord(this.#store.get(eventKey(event)), event.size, eventPlace(event));
    if (result.kind === 'readable') {
      this.#recent.put(event.seq, result.record);
      // Ages go by the monotonic clock, which knows nothing of the time before the start.
      const { wall, monotonic } = this.#startedAt;
      if (Number.isNaN(event.enqueuedAt)) event.enqueuedAt = monotonic - Math.max(0, wall - result.record.queuedAt);
    } else if (result.kind === 'newer' && !this.#reported.has(event.seq)) {
      this.#reported.add(event.seq);
      const message = 'A later version has stored an event that this one cannot read; it is left for that.';
      this.#log.coalesce({}).warn(message, { id: event.id });
    }
    return result;
  }

  /** @returns milliseconds since it was put into the queue, never negative; 0 for one that cannot be read */
  age(event: StoredEvent, now: number): number {
    if (Number.isNaN(event.enqueuedAt)) this.load(event);
    return Number.isNaN(event.enqueuedAt) ? 0 : Math.max(0, now - event.enqueuedAt);
  }

  /**
   * Ages across a restart come from the wall clock. After a jump its earlier times are in doubt: a machine whose clock is set just after
   * it booted must not lose a night's events.
   *
   * @returns 0 when events may be given up on for their age, otherwise the monotonic time from which they may again
   */
  expiryForbiddenUntil(): number {
    const now = this.#clock.monotonic();
    const moved = this.#clock.now() - now - this.#clockOffset;
    this.#clockOffset += moved;
    if (Math.abs(moved) > JUMP_MS) {
      this.#truceUntil = now + TRUCE_MS;
      const message =
        'The clock of this machine has jumped: no event is given up on for its age in the next ten minutes.';
      this.#log.warn(message, { minutes: Math.round(moved / 60_000) });
    }
    return now < this.#truceUntil ? this.#truceUntil : 0;
  }

  /** One target less waits for it; the last one removes it. */
  release(event: StoredEvent): void {
    event.pendingTargets -= 1;
    if (event.pendingTargets > 0) return;
    this.#recent.remove(event.seq);
    this.#reported.delete(event.seq);
    this.#store.delete(eventKey(event));
  }

  /** Takes a sequence number; needed alone only for an event that does not wait. */
  nextSeq(): number {
    this.lastSeq += 1;
    if (this.lastSeq > this.#reserved) {
      this.#reserved = this.lastSeq + RESERVE;
      this.#store.set(COUNTER_KEY, String(this.#reserved));
      this.#saveIndex();
    }
    return this.lastSeq;
  }

  /** Remembers which delivery queues there are. */
  list(queues: StoreIndex['queues']): void {
    if (JSON.stringify(queues) === JSON.stringify(this.listed)) return;
    this.listed = queues;
    this.#saveIndex();
  }

  #saveIndex(): void {
    const { listed: queues, lastSeq } = this;
    const reserved = Math.max(this.#reserved, lastSeq);
    if (queues !== null) this.#store.set(INDEX_KEY, writeIndex({ reserved, queues }, INDEX_KEY));
  }
}

const MAX_RECORDS = 64;
const MAX_BYTES = 1024 * 1024;

/** The events that were read or added last: most are wanted again at once, all others stay in the store. */
class RecentRecords {
  readonly #records = new Map<number, EventRecord>();
  #bytes = 0;

  get(seq: number): EventRecord | null {
    return this.#records.get(seq) ?? null;
  }

  put(seq: number, record: EventRecord): void {
    this.remove(seq);
    this.#records.set(seq, record);
    this.#bytes += record.body.bytes.length;
    for (const oldest of this.#records.keys()) {
      if (this.#records.size <= MAX_RECORDS && this.#bytes <= MAX_BYTES) break;
      this.remove(oldest);
    }
  }

  remove(seq: number): void {
    this.#bytes -= this.#records.get(seq)?.body.bytes.length ?? 0;
    this.#records.delete(seq);
  }
}
