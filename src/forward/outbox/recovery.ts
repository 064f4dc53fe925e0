import type { KeyValueStore } from '../../platform/kvp-store.ts';
import type { QueueServices } from '../queues/delivery-queue.ts';
import { DEFER_AFTER, QueuedEvent, type RecoveredEvents } from '../queues/queued-events.ts';
import type { StoredEvent } from './outbox.ts';
import {
  CANARY_KEY,
  COUNTER_KEY,
  DEAD_LETTER_PREFIX,
  EVENT_PREFIX,
  type EventKey,
  eventKey,
  isEventOfOtherFormat,
  isOtherFormat,
  parseDeadLetterKey,
  parseEventKey,
  parseQueueKey,
  QUEUE_PREFIX,
  SET_ASIDE_PREFIX,
} from './store-keys.ts';
import type { QueueRecord } from './stored-records.ts';

/** What an earlier run left for a target. */
export interface RecoveredQueue {
  readonly record: QueueRecord;
  readonly events: RecoveredEvents;
  /** Whether a stored event still names the target, if only as one that it is done with. */
  isNamed: boolean;
}

/** Keys that are read between two looks at the clock. */
const KEYS_A_LOOK = 32;
const MAX_LOGGED_KEYS = 3;

/**
 * Finds what an earlier run left: walks over all keys of the store, in slices of some milliseconds. It reads queue
 * records, but no bodies except those of events that every target is done with. Such an event is a leftover of a killed
 * process, or its key is damaged.
 */
export class Recovery {
  readonly #store: KeyValueStore;
  readonly #services: QueueServices;
  readonly #firstOfThisRun: number;
  readonly #queues = new Map<string, RecoveredQueue>();
  #walk: Generator<void, void, undefined>;

  constructor(store: KeyValueStore, services: QueueServices) {
    this.#store = store;
    this.#services = services;
    const { knowsLastSeq, lastSeq } = services.outbox;
    // Without the counter, no event is added before the walk is complete.
    this.#firstOfThisRun = knowsLastSeq ? lastSeq + 1 : Number.POSITIVE_INFINITY;
    this.#walk = this.#takeAll();
  }

  /**
   * Continues the walk.
   *
   * @param milliseconds after which it pauses
   * @returns whether the walk is complete
   * @throws when the store cannot be searched; the next call starts over
   */
  run(milliseconds: number): boolean {
    const { clock } = this.#services;
    const began = clock.monotonic();
    try {
      for (let keys = 1; !this.#walk.next().done; keys += 1) {
        if (keys % KEYS_A_LOOK === 0 && clock.monotonic() - began >= milliseconds) return false;
      }
      return true;
    } catch (error) {
      this.#walk = this.#takeAll();
      throw error;
    }
  }

  /** By target. */
  get found(): ReadonlyMap<string, RecoveredQueue> {
    return this.#queues;
  }

  /** Ends the walk, which frees its search handle. */
  stop(): void {
    this.#walk.return();
  }

  /** Yields after each key. */
  *#takeAll(): Generator<void, void, undefined> {
    this.#queues.clear();
    const unreadable: string[] = [];
    const otherFormats = { events: 0, records: 0 };
    for (const key of this.#store.keys('')) {
      if (isOtherFormat(key)) {
        otherFormats.records += 1;
        if (isEventOfOtherFormat(key)) otherFormats.events += 1;
      } else if (!this.#take(key)) unreadable.push(key);
      yield;
    }
    const { log } = this.#services;
    if (unreadable.length > 0) {
      const message = 'Records with damaged keys were found in the outbox. They are left in the database.';
      log.error(message, { count: unreadable.length, keys: unreadable.slice(0, MAX_LOGGED_KEYS).join(' ') });
    }
    if (otherFormats.records > 0) {
      const message =
        'The database also holds an outbox in another format. This version does not read it and leaves it there.';
      log.warn(message, otherFormats);
    }
  }

  /** @returns false for a key that is not of its kind's layout */
  #take(key: string): boolean {
    const { outbox, deadLetters } = this.#services;
    if (key.startsWith(EVENT_PREFIX)) {
      const event = parseEventKey(key);
      if (event !== null) this.#takeEvent(event);
      return event !== null;
    }
    if (key.startsWith(DEAD_LETTER_PREFIX)) {
      const deadLetter = parseDeadLetterKey(key);
      if (deadLetter === null) return false;
      deadLetters.adopt(deadLetter);
      outbox.sawSeq(deadLetter.seq);
      return true;
    }
    if (key.startsWith(QUEUE_PREFIX)) {
      const target = parseQueueKey(key);
      if (target !== null) this.#queueOf(target);
      return target !== null;
    }
    return key === COUNTER_KEY || key === CANARY_KEY || key.startsWith(SET_ASIDE_PREFIX);
  }

  #takeEvent(event: EventKey): void {
    const { outbox } = this.#services;
    const { seq, targets } = event;
    if (seq >= this.#firstOfThisRun && seq <= outbox.lastSeq) return; // added by this run, during the walk
    outbox.sawSeq(seq);
    const queues = targets.map((target) => this.#queueOf(target));
    const pending = queues.filter(({ record }) => isPending(seq, record));
    const stored = { ...event, pendingTargets: pending.length, enqueuedAt: Number.NaN };
    if (pending.length === 0) {
      this.#clearAway(stored);
      return;
    }
    for (const queue of queues) queue.isNamed = true;
    for (const { record, events } of pending) {
      events.bytes += event.size;
      const [, deferredErrors] = record.deferred.find(([deferred]) => deferred === seq) ?? [];
      if (deferredErrors === undefined) events.items.push(new QueuedEvent(stored));
      else events.deferred.push(deferredItem(stored, deferredErrors));
    }
  }

  #queueOf(target: string): RecoveredQueue {
    const known = this.#queues.get(target);
    if (known !== undefined) return known;
    const record = this.#services.outbox.loadQueue(target);
    const queue = { record, events: { items: [], deferred: [], bytes: 0 }, isNamed: false };
    this.#queues.set(target, queue);
    return queue;
  }

  /** Removes an event that every target is done with: a killed process left it, unless its key is damaged. */
  #clearAway(event: StoredEvent): void {
    const { store, outbox, deadLetters } = this.#services;
    const key = eventKey(event);
    if (outbox.load(event) === null) {
      for (const target of event.targets) deadLetters.addDamaged(target, event, key, outbox.remains(event), 0);
    }
    store.delete(key);
  }
}

function isPending(seq: number, { doneUpTo, doneAhead, deferred }: QueueRecord): boolean {
  const isDone = seq <= doneUpTo || doneAhead.includes(seq);
  return !isDone || deferred.some(([other]) => other === seq);
}

function deferredItem(event: StoredEvent, errors: number): QueuedEvent {
  const item = new QueuedEvent(event);
  item.isDeferred = true;
  item.deferredErrors = errors;
  item.serverErrors = DEFER_AFTER;
  item.attempts = DEFER_AFTER + errors;
  return item;
}
