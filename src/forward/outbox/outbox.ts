import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { CheckedStore } from '../stores/checked-store.ts';
import { type EventRecord, type ReadRecord, readRecord, writeRecord } from './event-record.ts';
import { createRecordWindow } from './record-window.ts';
import { type EventKey, eventKey } from './store-keys.ts';

/** An event that waits: what is kept of it in memory. All lanes that owe it share it. */
export interface StoredEvent extends EventKey {
  /** How many lanes still owe it. */
  owed: number;
  /** Monotonic milliseconds at which its age began; not a number until a recovered event was read. */
  bornAt: number;
}

/** The events that wait and their bodies. */
export interface Outbox {
  /** Stores an event in one write. @param slots the slots of the lanes that owe it */
  add(record: EventRecord, id: string, slots: readonly number[]): StoredEvent;
  /** Takes a sequence number for an event that does not wait. */
  nextSeq(): number;
  /** Takes up an event that an earlier run stored, for lanes that still owe it. */
  adopt(key: EventKey, owed: number): StoredEvent;
  /** Reads an event; one that is corrupt is set aside and reported, once. */
  load(event: StoredEvent): ReadRecord;
  /** @returns milliseconds since it was put into the queue, never negative; 0 for one that cannot be read */
  age(event: StoredEvent, now: number): number;
  /** One lane less owes it; the last one removes it. */
  release(event: StoredEvent): void;
  /** Sequence numbers up to this one are taken. */
  readonly lastSeq: number;
  /** Takes note of a sequence number found in the store. */
  sawSeq(seq: number): void;
  /** Whether the store said where to go on, so that events can be added before it was searched. */
  readonly knowsLastSeq: boolean;
}

export interface OutboxOptions {
  readonly store: CheckedStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** Sequence numbers that are taken in the store at once, so that a new start need not wait for a walk over all keys. */
const RESERVE = 1_000;
const RESERVED_KEY = 'n';

export function createOutbox({ store, clock, log }: OutboxOptions): Outbox {
  const startedAt = { wall: clock.now(), monotonic: clock.monotonic() };
  const window = createRecordWindow();
  const reported = new Set<number>();
  const stored = store.get(RESERVED_KEY);
  const knowsLastSeq = stored !== null && /^\d{1,15}$/.test(stored);
  let reserved = knowsLastSeq ? Number(stored) : 0;
  let lastSeq = reserved;

  function nextSeq(): number {
    lastSeq += 1;
    if (lastSeq > reserved) {
      reserved = lastSeq + RESERVE;
      store.set(RESERVED_KEY, String(reserved));
    }
    return lastSeq;
  }

  function read(event: StoredEvent): ReadRecord {
    const held = window.get(event.seq);
    if (held !== null) return { kind: 'readable', record: held };
    const result = readRecord(store.get(eventKey(event)), event.size);
    if (result.kind === 'readable') {
      window.put(event.seq, result.record);
      if (Number.isNaN(event.bornAt)) event.bornAt = birthOf(result.record);
    } else if (!reported.has(event.seq)) {
      reported.add(event.seq);
      report(event, result.kind);
    }
    return result;
  }

  /** Ages go by the monotonic clock, which knows nothing of the time before the start. */
  function birthOf(record: EventRecord): number {
    return startedAt.monotonic - Math.max(0, startedAt.wall - record.queuedAt);
  }

  function report(event: StoredEvent, kind: 'corrupt' | 'newer'): void {
    if (kind === 'newer') {
      log.warn('A later version has stored an event that this one cannot read; it is left for that.', {
        id: event.id,
      });
      return;
    }
    const value = store.get(eventKey(event));
    if (value !== null) store.set(`x/${eventKey(event)}`, value);
    log.error('A stored event cannot be read and is not forwarded; what is left of it was set aside.', {
      id: event.id,
      key: `x/${eventKey(event)}`,
    });
  }

  return {
    nextSeq,
    add(record, id, slots) {
      const seq = nextSeq();
      const { value, size } = writeRecord(record);
      const mask = slots.reduce((sum, slot) => sum + 2 ** slot, 0);
      const event = { seq, slots: mask, size, id, owed: slots.length, bornAt: clock.monotonic() };
      store.set(eventKey(event), value);
      window.put(seq, record);
      return event;
    },
    adopt: (key, owed) => ({ ...key, owed, bornAt: Number.NaN }),
    load: read,
    age(event, now) {
      if (Number.isNaN(event.bornAt)) read(event);
      return Number.isNaN(event.bornAt) ? 0 : Math.max(0, now - event.bornAt);
    },
    release(event) {
      event.owed -= 1;
      if (event.owed > 0) return;
      window.remove(event.seq);
      reported.delete(event.seq);
      store.delete(eventKey(event));
    },
    get lastSeq() {
      return lastSeq;
    },
    sawSeq(seq) {
      lastSeq = Math.max(lastSeq, seq);
    },
    knowsLastSeq,
  };
}
