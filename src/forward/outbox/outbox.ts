import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { CheckedStore } from '../stores/checked-store.ts';
import { type EventKey, eventKey } from './store-keys.ts';
import { type EventRecord, type ReadRecord, readRecord, writeRecord } from './stored-records.ts';

/** An event that waits: what is kept of it in memory. The delivery queues that it waits in share it. */
export interface StoredEvent extends EventKey {
  /** How many targets it is still to be delivered to. */
  pendingTargets: number;
  /** Monotonic milliseconds at which its age began; not a number until a recovered event was read. */
  enqueuedAt: number;
}

/** Sequence numbers that are taken in the store at once, so that a new start need not wait for a walk over all keys. */
const RESERVE = 1_000;
const RESERVED_KEY = 'n';
const JUMP_MS = 5 * 60_000;
const TRUCE_MS = 10 * 60_000;

/** The events that wait and their bodies. */
export class Outbox {
  /** Whether the store said where to go on, so that events can be added before it was searched. */
  readonly knowsLastSeq: boolean;
  /** Sequence numbers up to this one are taken. */
  lastSeq: number;
  readonly #store: CheckedStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #startedAt: { readonly wall: number; readonly monotonic: number };
  readonly #recent = new RecentRecords();
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
    const stored = store.get(RESERVED_KEY);
    this.knowsLastSeq = stored !== null && /^\d{1,15}$/.test(stored);
    this.#reserved = this.knowsLastSeq ? Number(stored) : 0;
    this.lastSeq = this.#reserved;
  }

  /** Takes note of a sequence number found in the store. */
  sawSeq(seq: number): void {
    this.lastSeq = Math.max(this.lastSeq, seq);
  }

  /** Stores an event in one write. @param slots the slots of the targets that it is to be delivered to */
  add(record: EventRecord, id: string, slots: readonly number[]): StoredEvent {
    const seq = this.nextSeq();
    const { value, size } = writeRecord(record);
    const mask = slots.reduce((sum, slot) => sum + 2 ** slot, 0);
    const enqueuedAt = this.#clock.monotonic();
    const event = { seq, slots: mask, size, id, pendingTargets: slots.length, enqueuedAt };
    this.#store.set(eventKey(event), value);
    this.#recent.put(seq, record);
    return event;
  }

  /** Reads an event; one that is corrupt is copied to another key and reported, once. */
  load(event: StoredEvent): ReadRecord {
    const held = this.#recent.get(event.seq);
    if (held !== null) return { kind: 'readable', record: held };
    const result = readRecord(this.#store.get(eventKey(event)), event.size);
    if (result.kind === 'readable') {
      this.#recent.put(event.seq, result.record);
      // Ages go by the monotonic clock, which knows nothing of the time before the start.
      const { wall, monotonic } = this.#startedAt;
      if (Number.isNaN(event.enqueuedAt)) event.enqueuedAt = monotonic - Math.max(0, wall - result.record.queuedAt);
    } else if (!this.#reported.has(event.seq)) {
      this.#reported.add(event.seq);
      this.#report(event, result.kind);
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
      this.#store.set(RESERVED_KEY, String(this.#reserved));
    }
    return this.lastSeq;
  }

  #report(event: StoredEvent, kind: 'corrupt' | 'newer'): void {
    const { id } = event;
    if (kind === 'newer') {
      this.#log.warn('A later version has stored an event that this one cannot read; it is left for that.', { id });
      return;
    }
    const key = `x/${eventKey(event)}`;
    const value = this.#store.get(eventKey(event));
    if (value !== null) this.#store.set(key, value);
    const message = 'A stored event cannot be read and is not forwarded; what is left of it was set aside.';
    this.#log.error(message, { id, key });
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
