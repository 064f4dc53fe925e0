import type { Log } from '../../lib/log.ts';
import { reasonOf } from '../../lib/text.ts';
import type { KeyValueStore } from '../../platform/kvp-store.ts';
import { DEFER_AFTER, QueuedEvent, type QueueServices, type RecoveredEvents } from '../queues/delivery-queue.ts';
import type { CheckedStore } from '../stores/checked-store.ts';
import type { Outbox, StoredEvent } from './outbox.ts';
import {
  COUNTER_KEY,
  type EventKey,
  eventPlace,
  markKey,
  parseDeadLetterKey,
  parseEventKey,
  parseMarkKey,
  parseQueueKey,
  queueKey,
  SLOTS,
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

/** Where the targets of an event are not known any more. */
const NO_TARGET = 'unknown';

/**
 * Reads the stored delivery queues: a few short records.
 *
 * @returns null, and detaches the store, when that cannot be used by this version or at this time
 */
export function findQueues(
  store: KeyValueStore,
  checked: CheckedStore,
  outbox: Outbox,
  log: Log,
): readonly FoundQueue[] | null {
  try {
    const keys = [...store.keys('c/')];
    const listed = (outbox.listed ?? []).map(([target, slot]) => queueKey(target, slot));
    const missed = listed.filter((key) => !keys.includes(key));
    // What is there and not found: the search of the database fails, and what waits in it must not be written over.
    const isBlind = checked.get(COUNTER_KEY) !== null && [...store.keys(COUNTER_KEY)].length === 0;
    if (isBlind || missed.some((key) => checked.get(key) !== null)) {
      throw new Error(
        `it holds events up to number ${outbox.lastSeq}, and a search in it finds nothing: it is damaged, and left as it is`,
      );
    }
    const found = keys.flatMap((key) => readFound(key, checked, outbox, log) ?? []);
    const taken = new Set(found.map(({ slot }) => slot));
    for (const key of missed) {
      const place = parseQueueKey(key);
      // 5.0.0 lists no queues: it may have given the slot to another target.
      if (place === null || taken.has(place.slot)) continue;
      log.error(`The progress of a target is gone from the database; ${SENT_ONCE_MORE}`, { target: place.target });
      found.push({ ...place, record: UNKNOWN_TARGET });
    }
    return found;
  } catch (error) {
    checked.detach(reasonOf(error));
    return null;
  }
}

const SENT_ONCE_MORE = 'what is still stored for it is sent once more.';

/** @returns null for what is no delivery queue: a key that was damaged. @throws for one of a later version */
function readFound(key: string, checked: CheckedStore, outbox: Outbox, log: Log): FoundQueue | null {
  const place = parseQueueKey(key);
  const value = checked.get(key);
  const record = readQueue(value, key);
  if (record === 'newer' || (place === null && outbox.listed === null)) {
    throw new Error('a later version of this resource has written it, and it is left as it is');
  }
  const isAhead = record !== 'damaged' && record.seq > outbox.lastSeq;
  // One of the two is wrong: nothing is taken for done, and the store is searched before a number is given again.
  if (isAhead) outbox.knowsLastSeq = false;
  if (place !== null && record !== 'damaged' && !isAhead) return { ...place, record };
  checked.set(`x/${key}`, value ?? '');
  const isListed = outbox.listed?.some(([target, slot]) => target === place?.target && slot === place.slot) ?? true;
  if (place === null || !isListed) {
    checked.delete(key);
    return null;
  }
  const message = `The progress of a target cannot be read; ${SENT_ONCE_MORE}`;
  log.error(message, { key: `x/${key}` });
  return { ...place, record: UNKNOWN_TARGET };
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
  /** Events that are dead letters of targets without a queue. */
  readonly #deadAtRemoved = new Set<number>();
  /** Targets of which a mark is lost: of what is still stored, nothing is taken for done. */
  #unmarked: ReadonlySet<string> = new Set();
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

  /** By the slots of the targets. */
  get found(): ReadonlyMap<number, RecoveredEvents> {
    return this.#recovered;
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
    const sums = new Map<string, number>();
    for (const key of this.#store.keys('a/')) {
      const mark = parseMarkKey(key);
      if (mark === null) this.#unknown += 1;
      else {
        this.#marks.set(key, checked.get(key) ?? '');
        sums.set(mark.target, (sums.get(mark.target) ?? 0) + mark.seq);
      }
      yield;
    }
    const isUnmarked = ({ target, record: { marks } }: FoundQueue) =>
      marks !== undefined && marks !== (sums.get(target) ?? 0);
    this.#unmarked = new Set(this.#queues.filter(isUnmarked).map(({ target }) => target));
    for (const key of this.#store.keys('d/')) {
      const deadLetter = parseDeadLetterKey(key);
      if (deadLetter === null) this.#unknown += 1;
      else {
        deadLetters.adopt(deadLetter);
        if (!this.#queues.some(({ target }) => target === deadLetter.target)) this.#deadAtRemoved.add(deadLetter.seq);
      }
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
    const pending = [...this.#queues.filter((queue) => this.#isPending(queue, event)), ...this.#orphaned(event)];
    if (pending.length === 0) return this.#removeDone(key, event);
    const stored = { ...event, pendingTargets: pending.length, enqueuedAt: Number.NaN };
    for (const { target, slot } of pending) {
      const recovered = this.#recovered.get(slot) ?? nothingRecovered();
      this.#recovered.set(slot, recovered);
      const markedAt = markKey(target, event.seq);
      const mark = this.#marks.get(markedAt);
      const item = restoreItem(stored, mark);
      this.#marks.delete(markedAt);
      recovered.bytes += event.size;
      (item.isDeferred ? recovered.deferred : recovered.items).push(item);
    }
  }

  #isPending({ target, slot, record }: FoundQueue, { slots, seq }: EventKey): boolean {
    if (!hasSlot(slots, slot)) return false;
    return seq > record.seq || this.#unmarked.has(target) || this.#marks.has(markKey(target, seq));
  }

  /**
   * Where an index is, a slot that no queue has was that of a removed target, whose events are dead letters. Without one, the record of
   * the queue may be lost: rather twice than never.
   */
  #orphaned({ slots, seq }: EventKey): Pick<FoundQueue, 'target' | 'slot'>[] {
    if (this.#services.outbox.listed !== null || this.#deadAtRemoved.has(seq)) return [];
    const known = new Set(this.#queues.map(({ slot }) => slot));
    const all = Array.from({ length: SLOTS }, (_, slot) => ({ target: NO_TARGET, slot }));
    return all.filter(({ slot }) => hasSlot(slots, slot) && !known.has(slot));
  }

  /** Either the process died after the last target had it and before it was removed, or what says for whom it is was damaged. */
  #removeDone(key: string, event: EventKey): void {
    const { store, deadLetters, clock, log } = this.#services;
    const read = readRecord(store.get(key), event.size, eventPlace(event));
    if (read.kind === 'newer') return;
    if (read.kind === 'damaged') {
      const { reason } = read;
      deadLetters.add(NO_TARGET, event, read, { reason, at: clock.now(), attempts: 0 });
      const message =
        'A stored event cannot be read, nor which targets it was for: what is left of it is a dead letter.';
      log.error(message, { id: event.id, reason });
    }
    store.delete(key);
  }
}

/** @param slots the sum of 2 to the power of each */
function hasSlot(slots: number, slot: number): boolean {
  return Math.floor(slots / 2 ** slot) % 2 === 1;
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
