import type { StoredEvent } from '../outbox/outbox.ts';
import { linkTo, type QueueRecord } from '../outbox/stored-records.ts';

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
  /** The events behind it in order are done up to this number. No record of theirs names it then: the queue's does. */
  doneUpTo = 0;

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
  /** Those of them that other records name, and that are not in the store. */
  readonly lost: QueuedEvent[];
  /** Of all of them, as stored. */
  bytes: number;
}

/** Events that have left at the front are dropped from memory in batches of this size. */
const BATCH = 512;

/** The events of a delivery queue that are sent in order. */
export class EventOrder {
  /** Those that have not left, from the front on. */
  #items: QueuedEvent[] = [];
  #front = 0;
  /** Those of them behind which others are done. */
  readonly #named = new Set<QueuedEvent>();

  all(): QueuedEvent[] {
    return this.#items.slice(this.#front);
  }

  get first(): QueuedEvent | undefined {
    return this.#items[this.#front];
  }

  push(item: QueuedEvent): void {
    this.#items.push(item);
  }

  /**
   * Puts those of an earlier run before all that are here. The list is kept and not copied: it can be long, and the game waits meanwhile.
   *
   * @param lastSeq the last sequence number that was given
   * @returns the last one before those that are here
   */
  putBefore(recovered: QueuedEvent[], lastSeq: number): number {
    const pushed = this.all();
    const upTo = (pushed[0]?.event.seq ?? lastSeq + 1) - 1;
    for (const item of recovered) if (item.doneUpTo > 0) this.#named.add(item);
    const last = recovered.at(-1);
    // What was pushed does not name it.
    if (last !== undefined) this.#nameUpTo(last, upTo);
    for (const item of pushed) recovered.push(item);
    this.#items = recovered;
    this.#front = 0;
    return upTo;
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

  /** @returns the number up to which all are done where it stood first, otherwise 0: then the one before it says so */
  remove(item: QueuedEvent): number {
    item.state = 'done';
    this.#named.delete(item);
    const index = this.#indexOf(item.event.seq);
    const before = index > this.#front ? this.#items[index - 1] : undefined;
    const doneUpTo = Math.max(item.event.seq, item.doneUpTo);
    if (before !== undefined) {
      this.#items.splice(index, 1);
      this.#nameUpTo(before, doneUpTo);
      return 0;
    }
    this.#front += 1;
    if (this.#front >= BATCH && this.#front * 2 >= this.#items.length) {
      this.#items = this.all();
      this.#front = 0;
    }
    return doneUpTo;
  }

  /** Those that no event behind them names, nor the record of the last ones: for the queue's record. */
  names(): QueueRecord['named'] {
    return [...this.#named].map(({ event, doneUpTo }) => [...linkTo(event), doneUpTo] as const);
  }

  #nameUpTo(item: QueuedEvent, doneUpTo: number): void {
    item.doneUpTo = Math.max(item.doneUpTo, doneUpTo);
    this.#named.add(item);
  }

  /** By halving, since with a broken store and a full memory many events are looked for at once. */
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
