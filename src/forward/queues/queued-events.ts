import type { StoredEvent } from '../outbox/outbox.ts';
import type { QueueRecord } from '../outbox/stored-records.ts';

/** An event in a delivery queue. */
export class QueuedEvent {
  readonly event: StoredEvent;
  /**
   * `sending`: a request with it is under way. `unconfirmed`: sent to a non-responding target, and not yet known to be
   * taken. `done`: it has left the queue.
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

  constructor(event: StoredEvent) {
    this.event = event;
  }
}

/** Answers 5xx after which an event is deferred, if the next one is taken. */
export const DEFER_AFTER = 3;
/** Answers 5xx after that, until it is given up on. */
export const DEFERRED_ATTEMPTS = 7;

/** The events that an earlier run left for a target. */
export interface RecoveredEvents {
  /** Sent in order. */
  readonly items: QueuedEvent[];
  readonly deferred: QueuedEvent[];
  /** Of all of them, as stored. */
  bytes: number;
}

/** Events that have left at the front are dropped from memory in batches of this size. */
const BATCH = 512;

/** The events of a delivery queue that are sent in order, and the progress through them. */
export class EventOrder {
  /** Those that have not left, from the front on. */
  #items: QueuedEvent[] = [];
  #front = 0;
  #doneUpTo: number;
  readonly #doneAhead: Set<number>;

  constructor({ doneUpTo, doneAhead }: QueueRecord) {
    this.#doneUpTo = doneUpTo;
    this.#doneAhead = new Set(doneAhead);
  }

  all(): QueuedEvent[] {
    return this.#items.slice(this.#front);
  }

  get first(): QueuedEvent | undefined {
    return this.#items[this.#front];
  }

  push(item: QueuedEvent): void {
    this.#items.push(item);
  }

  /** Adds the events of an earlier run. With a damaged key, one of them can belong behind newer events. */
  recover(items: readonly QueuedEvent[]): void {
    this.#items = [...items, ...this.all()].sort((a, b) => a.event.seq - b.event.seq);
    this.#front = 0;
  }

  /** @returns the first that waits, or with 1 the second; null when there is none */
  waiting(index: 0 | 1): QueuedEvent | null {
    let skipped = 0;
    for (let at = this.#front; at < this.#items.length; at += 1) {
      const item = this.#items[at];
      if (item?.state !== 'waiting') continue;
      if (skipped === index) return item;
      skipped += 1;
    }
    return null;
  }

  find(seq: number): QueuedEvent | null {
    const item = this.#items[this.#indexOf(seq)];
    return item?.event.seq === seq ? item : null;
  }

  remove(item: QueuedEvent): void {
    item.state = 'done';
    const { seq } = item.event;
    let index = this.#indexOf(seq);
    // An event with a damaged key can have the sequence number of another one.
    while (this.#items[index] !== item && index < this.#items.length) index += 1;
    if (index > this.#front) this.#items.splice(index, 1);
    else this.#front += 1;
    if (this.find(seq) === null) this.#doneAhead.add(seq);
    if (this.#front >= BATCH && this.#front * 2 >= this.#items.length) {
      this.#items = this.all();
      this.#front = 0;
    }
  }

  /**
   * The progress for the queue's record. Call it only after `recover`: otherwise events of an earlier run would count
   * as done.
   */
  progress(): Pick<QueueRecord, 'doneUpTo' | 'doneAhead'> {
    const firstPending = this.first?.event.seq ?? Number.POSITIVE_INFINITY;
    for (const seq of this.#doneAhead) {
      if (seq >= firstPending) continue;
      this.#doneUpTo = Math.max(this.#doneUpTo, seq);
      this.#doneAhead.delete(seq);
    }
    return { doneUpTo: this.#doneUpTo, doneAhead: [...this.#doneAhead] };
  }

  /** Binary search: with a broken store and a full memory, many events are looked up at once. */
  #indexOf(seq: number): number {
    let [low, high] = [this.#front, this.#items.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#items[middle]?.event.seq ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
