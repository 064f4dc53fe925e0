import type { Log } from '../../lib/log.ts';
import { reasonOf } from '../../lib/text.ts';
import type { KeyValueStore } from '../../platform/kvp-store.ts';
import { DEFER_AFTER, QueuedEvent, type QueueServices, type RecoveredEvents } from '../queues/delivery-queue.ts';
import type { CheckedStore } from '../stores/checked-store.ts';
import type { StoredEvent } from './outbox.ts';
import {
  type EventKey,
  markKey,
  parseDeadLetterKey,
  parseEventKey,
  parseMarkKey,
  parseQueueKey,
  seqIn,
} from './store-keys.ts';
import { type QueueRecord, readQueue, readRecord, UNKNOWN_TARGET } from './stored-records.ts';

/** A delivery queue that an earlier run left. */
export interface FoundQueue {
  readonly target: string;
  /** Its place in the masks of the events. */
  readonly slot: number;
  readonly record: QueueRecord;
}

/**
 * Reads what there is of delivery queues: a few short records.
 *
 * @returns null, and detaches the store, when that cannot be used by this version or at this time
 */
export function findQueues(store: KeyValueStore, checked: CheckedStore, log: Log): FoundQueue[] | null {
  let keys: string[];
  try {
    keys = [...store.keys('c/')];
  } catch (error) {
    checked.detach(reasonOf(error));
    return null;
  }
  const queues: FoundQueue[] = [];
  for (const key of keys) {
    const place = parseQueueKey(key);
    const value = checked.get(key);
    const record = readQueue(value);
    if (place === null || record === 'newer') {
      checked.detach('a later version of this resource has written it, and it is left as it is');
      return null;
    }
    if (record === 'corrupt') {
      checked.set(`x/${key}`, value ?? '');
      const message = 'How far a target has got cannot be read; what is still stored for it is sent once more.';
      log.error(message, { key: `x/${key}` });
    }
    queues.push({ ...place, record: record === 'corrupt' ? UNKNOWN_TARGET : record });
  }
  return queues;
}

export const nothingRecovered = (): RecoveredEvents => ({ items: [], deferred: [], bytes: 0 });

/** Keys between two looks at the clock. */
const KEYS_A_LOOK = 32;

/** A walk over the keys of the store, in pieces. It reads no bodies: a target's events are those behind its queue's `seq`, and the marked ones. */
export class Recovery {
  readonly #store: KeyValueStore;
  readonly #queues: readonly FoundQueue[];
  readonly #services: QueueServices;
  readonly #firstOfThisRun: number;
  readonly #recovered = new Map<number, RecoveredEvents>();
  readonly #marks = new Map<string, string>();
  #unknown = 0;
  #walking: Generator<void, void, undefined>;

  constructor(store: KeyValueStore, queues: readonly FoundQueue[], services: QueueServices) {
    this.#store = store;
    this.#queues = queues;
    this.#services = services;
    this.#firstOfThisRun = services.outbox.lastSeq + 1;
    this.#walking = this.#walk();
  }

  /**
   * Goes on for about so many milliseconds.
   *
   * @returns whether it is at the end
   * @throws when the store cannot be searched; the next call begins anew
   */
  run(milliseconds: number): boolean {
    const { clock } = this.#services;
    const began = clock.monotonic();
    try {
      for (let keys = 1; ; keys += 1) {
        if (this.#walking.next().done) return true;
        if (keys % KEYS_A_LOOK === 0 && clock.monotonic() - began >= milliseconds) return false;
      }
    } catch (error) {
      this.#walking = this.#walk();
      throw error;
    }
  }

  /** @returns what was found for the target of a slot */
  eventsOf(slot: number): RecoveredEvents | undefined {
    return this.#recovered.get(slot);
  }

  /** Leaves off, and gives back what the walk holds. */
  stop(): void {
    this.#walking.return();
  }

  *#walk(): Generator<void, void, undefined> {
    for (const { slot } of this.#queues) this.#recovered.set(slot, nothingRecovered());
    this.#marks.clear();
    this.#unknown = 0;
    const { store: checked, outbox, deadLetters, log } = this.#services;
    for (const key of this.#store.keys('a/')) {
      if (parseMarkKey(key) === null) this.#unknown += 1;
      else this.#marks.set(key, checked.get(key) ?? '');
      yield;
    }
    for (const key of this.#store.keys('d/')) {
      const deadLetter = parseDeadLetterKey(key);
      if (deadLetter === null) this.#unknown += 1;
      else deadLetters.adopt(deadLetter);
      outbox.sawSeq(seqIn(key));
      yield;
    }
    for (const key of this.#store.keys('o/')) {
      this.#take(key);
      yield;
    }
    for (const stale of this.#marks.keys()) checked.delete(stale);
    if (this.#unknown === 0) return;
    log.warn('Some stored events are of a form that this version does not know; they are left as they are.', {
      count: this.#unknown,
    });
  }

  #take(key: string) {
    const { outbox } = this.#services;
    const event = parseEventKey(key);
    const seq = event?.seq ?? seqIn(key);
    if (seq >= this.#firstOfThisRun && seq <= outbox.lastSeq) return; // came in while this walk was under way
    outbox.sawSeq(seq);
    if (event === null) {
      this.#unknown += 1;
      return;
    }
    const pending = this.#queues.filter((queue) => this.#isPending(queue, event));
    if (pending.length === 0) return this.#removeDone(key, event);
    const stored = { ...event, pendingTargets: pending.length, enqueuedAt: Number.NaN };
    for (const { target, slot } of pending) {
      const recovered = this.#recovered.get(slot) ?? nothingRecovered();
      const markedAt = markKey(target, event.seq);
      const mark = this.#marks.get(markedAt);
      const item = restoreItem(stored, mark);
      this.#marks.delete(markedAt);
      recovered.bytes += event.size;
      (item.isDeferred ? recovered.deferred : recovered.items).push(item);
    }
  }

  #isPending({ target, slot, record }: FoundQueue, { slots, seq }: EventKey): boolean {
    if (Math.floor(slots / 2 ** slot) % 2 === 0) return false;
    return seq > record.seq || this.#marks.has(markKey(target, seq));
  }

  /** The process died after the last target had it and before it was removed. */
  #removeDone(key: string, { size }: EventKey): void {
    const { store } = this.#services;
    if (readRecord(store.get(key), size).kind !== 'newer') store.delete(key);
  }
}

function restoreItem(event: StoredEvent, mark: string | undefined): QueuedEvent {
  const item = new QueuedEvent(event);
  item.isMarked = mark !== undefined;
  const [, errors] = /^aside (\d+)$/.exec(mark ?? '') ?? [];
  if (errors === undefined) return item;
  item.isDeferred = true;
  item.deferredErrors = Number(errors);
  item.serverErrors = DEFER_AFTER;
  item.attempts = DEFER_AFTER + item.deferredErrors;
  return item;
}
