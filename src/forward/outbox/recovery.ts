import type { KeyValueStore } from '../../platform/kvp-store.ts';
import type { QueueServices } from '../queues/delivery-queue.ts';
import { DEFER_AFTER, QueuedEvent, type RecoveredEvents } from '../queues/queued-events.ts';
import type { FoundQueue } from './found-queues.ts';
import type { StoredEvent } from './outbox.ts';
import {
  deadNameKey,
  type EventKey,
  eventPlace,
  hasSlot,
  markKey,
  parseDeadLetterKey,
  parseDeadNameKey,
  parseEventKey,
  parseMarkKey,
  SLOTS,
  seqIn,
} from './store-keys.ts';
import {
  type EventLink,
  GONE,
  type QueueRecord,
  readLink,
  readRecord,
  UNKNOWN_TARGET,
  writeDeadName,
} from './stored-records.ts';

/** What names an event; more may follow. */
type Link = readonly [...EventLink, ...unknown[]];

/** Where the targets of an event are not known any more. */
const NO_TARGET = 'unknown';

export const nothingRecovered = (): RecoveredEvents => ({ items: [], deferred: [], lost: [], bytes: 0 });

/** Keys between two looks at the clock. */
const KEYS_A_LOOK = 32;

/**
 * A walk over the keys of the store, in pieces. A target's events are those behind its queue's `seq` that it does not call done, and the
 * marked ones. A record is read only where numbers are missing before it: it names the events that stood last when it was stored, and one
 * that is neither stored nor done has been lost.
 */
export class Recovery {
  readonly #store: KeyValueStore;
  readonly #queues: readonly FoundQueue[];
  readonly #services: QueueServices;
  readonly #firstOfThisRun: number;
  readonly #last: readonly EventLink[];
  readonly #recovered = new Map<number, RecoveredEvents>();
  readonly #marks = new Map<string, string>();
  /** Events that are dead letters of targets without a queue. */
  readonly #deadAtRemoved = new Set<number>();
  /** Targets of which a mark is lost: of what is still stored, nothing is taken for done. */
  #unmarked: ReadonlySet<string> = new Set();
  #unknown = 0;
  /** The last number that was found, and the first of the unbroken row that it ends. */
  #row = { from: 0, to: 0 };
  #walking: Generator<boolean, void, undefined>;

  constructor(store: KeyValueStore, queues: readonly FoundQueue[], services: QueueServices) {
    this.#store = store;
    this.#queues = queues;
    this.#services = services;
    this.#firstOfThisRun = services.outbox.lastSeq + 1;
    this.#last = services.outbox.last;
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
        const { done, value: hasRead } = this.#walking.next();
        if (done) return true;
        const isTimeToLook = hasRead || keys % KEYS_A_LOOK === 0;
        if (isTimeToLook && clock.monotonic() - began >= milliseconds) return false;
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

  /** Yields after each key whether a record was read. */
  *#walk(): Generator<boolean, void, undefined> {
    for (const { slot } of this.#queues) this.#recovered.set(slot, nothingRecovered());
    this.#marks.clear();
    this.#unknown = 0;
    this.#row = { from: 0, to: 0 };
    const { store: checked, outbox, deadLetters, log } = this.#services;
    const sums = new Map<string, number>();
    for (const key of this.#store.keys('a/')) {
      const mark = parseMarkKey(key);
      if (mark === null) this.#unknown += 1;
      else {
        this.#marks.set(key, checked.get(key) ?? '');
        sums.set(mark.target, (sums.get(mark.target) ?? 0) + mark.seq);
      }
      yield false;
    }
    const isUnmarked = ({ target, record: { marks } }: FoundQueue) =>
      marks !== undefined && marks !== (sums.get(target) ?? 0);
    this.#unmarked = new Set(this.#queues.filter(isUnmarked).map(({ target }) => target));
    const names = new Set<string>();
    for (const key of this.#store.keys('b/')) {
      names.add(key);
      yield false;
    }
    for (const key of this.#store.keys('d/')) {
      const deadLetter = parseDeadLetterKey(key);
      if (deadLetter === null) this.#unknown += 1;
      else {
        deadLetters.adopt(deadLetter);
        if (!names.delete(deadNameKey(deadLetter))) deadLetters.name(deadLetter);
        if (!this.#queues.some(({ target }) => target === deadLetter.target)) this.#deadAtRemoved.add(deadLetter.seq);
      }
      outbox.sawSeq(seqIn(key));
      yield false;
    }
    for (const key of names) this.#missDeadLetter(key);
    for (const key of this.#store.keys('o/')) {
      yield this.#take(key);
    }
    for (const queue of this.#queues) {
      this.#missNamed(queue, Number.POSITIVE_INFINITY);
      for (const link of this.#last) this.#miss(queue, link);
    }
    for (const [key, mark] of this.#marks) if (!this.#missMarked(key, mark)) checked.delete(key);
    // What only a mark names may stand before what was found.
    for (const { items } of this.#recovered.values()) items.sort((a, b) => a.event.seq - b.event.seq);
    if (this.#unknown === 0) return;
    log.warn('Some stored events are of a form that this version does not know; they are left as they are.', {
      count: this.#unknown,
    });
  }

  /** Makes a dead letter again of one that is named and was not found. */
  #missDeadLetter(key: string): void {
    const { store, outbox, deadLetters, clock, log } = this.#services;
    const name = parseDeadNameKey(key);
    const isBelieved = !outbox.isFromFirstVersion && !store.endedWithinMending;
    if (name === null || !isBelieved || store.get(key) !== writeDeadName(key)) {
      store.delete(key);
      return;
    }
    if (name.seq >= this.#firstOfThisRun) return; // became one while this walk was under way
    const { target, id } = name;
    const { reason } = GONE;
    deadLetters.add(target, name, GONE, { reason, at: clock.now(), attempts: 0 });
    log.coalesce({ target, reason }).error('A dead letter cannot be read: its name is all that is left.', { id });
  }

  /** @returns whether the record was read */
  #take(key: string): boolean {
    const { outbox } = this.#services;
    const event = parseEventKey(key);
    const seq = event?.seq ?? seqIn(key);
    if (seq >= this.#firstOfThisRun && seq <= outbox.lastSeq) return false; // came in while this walk was under way
    outbox.sawSeq(seq);
    if (event === null) {
      this.#unknown += 1;
      return false;
    }
    this.#row = { from: seq === this.#row.to + 1 ? this.#row.from : seq, to: seq };
    const pending = this.#queues.filter((queue) => this.#isPending(queue, event));
    const orphaned = this.#orphaned(event);
    const pendingTargets = pending.length + orphaned.length;
    if (pendingTargets === 0) {
      this.#removeDone(key, event);
      return true;
    }
    const stored = { ...event, pendingTargets, enqueuedAt: Number.NaN };
    const behindGap = pending.filter((queue) => this.#row.from > this.#lastSeqOf(queue) + 1);
    if (behindGap.length > 0) {
      const read = outbox.load(stored);
      const links = read.kind === 'readable' ? (read.record.after ?? []) : [];
      for (const queue of behindGap) {
        this.#missNamed(queue, seq);
        for (const link of links) this.#miss(queue, link);
      }
    }
    for (const queue of pending) this.#restore(queue, stored);
    for (const queue of orphaned) this.#restore(queue, stored);
    return behindGap.length > 0;
  }

  #restore({ target, slot, record }: FoundQueue, event: StoredEvent): QueuedEvent {
    const recovered = this.#recoveredOf(slot);
    const markedAt = markKey(target, event.seq);
    const item = restoreItem(event, this.#marks.get(markedAt));
    this.#marks.delete(markedAt);
    const [, , , doneUpTo = 0] = record.named?.find(([seq]) => seq === event.seq) ?? [];
    if (!this.#unmarked.has(target)) item.doneUpTo = doneUpTo;
    recovered.bytes += event.size;
    (item.isDeferred ? recovered.deferred : recovered.items).push(item);
    return item;
  }

  #recoveredOf(slot: number): RecoveredEvents {
    const recovered = this.#recovered.get(slot) ?? nothingRecovered();
    this.#recovered.set(slot, recovered);
    return recovered;
  }

  /** @returns the number up to which all is known of a queue, as far as the walk has got */
  #lastSeqOf({ slot, record }: FoundQueue): number {
    return Math.max(record.seq, this.#recoveredOf(slot).items.at(-1)?.event.seq ?? 0);
  }

  /** Misses what the record of a queue names and the store does not have. @param before the number at which to leave off */
  #missNamed(queue: FoundQueue, before: number): void {
    const named = (queue.record.named ?? []).filter(([seq]) => seq < before).sort(([a], [b]) => a - b);
    for (const link of named) this.#miss(queue, link);
  }

  /** Takes up an event that is named and was not found, unless the target is done with it: it becomes a dead letter. */
  #miss(queue: FoundQueue, link: Link): void {
    const [seq, slots] = link;
    const { named, since = 0 } = queue.record;
    if (named === undefined || seq <= Math.max(since, this.#lastSeqOf(queue))) return;
    if (!hasSlot(slots, queue.slot) || isDoneAhead(queue.record, seq)) return;
    const { deferred } = this.#recoveredOf(queue.slot);
    if (!deferred.some((item) => item.event.seq === seq)) this.#lose(queue, link);
  }

  #lose(queue: FoundQueue, [seq, slots, id]: Link): void {
    const item = this.#restore(queue, { seq, slots, size: 0, id, pendingTargets: 1, enqueuedAt: Number.NaN });
    this.#recoveredOf(queue.slot).lost.push(item);
  }

  /** @returns whether a mark that is left names an event, which was lost then: otherwise that has left its queue */
  #missMarked(key: string, mark: string): boolean {
    const place = parseMarkKey(key);
    const link = readLink(mark.slice(mark.indexOf('[')));
    const queue = this.#queues.find(({ target }) => target === place?.target);
    if (queue?.record.named === undefined || link === null || link[0] !== place?.seq) return false;
    this.#lose(queue, link);
    return true;
  }

  #isPending({ target, slot, record }: FoundQueue, { slots, seq }: EventKey): boolean {
    if (!hasSlot(slots, slot)) return false;
    const isDone = seq <= record.seq || isDoneAhead(record, seq);
    return !isDone || this.#unmarked.has(target) || this.#marks.has(markKey(target, seq));
  }

  /**
   * Where an index is, a slot that no queue has was that of a removed target, whose events are dead letters. Without one, the record of
   * the queue may be lost: rather twice than never.
   */
  #orphaned({ slots, seq }: EventKey): FoundQueue[] {
    if (this.#services.outbox.listed !== null || this.#deadAtRemoved.has(seq)) return [];
    const known = new Set(this.#queues.map(({ slot }) => slot));
    const all = Array.from({ length: SLOTS }, (_, slot) => ({ target: NO_TARGET, slot, record: UNKNOWN_TARGET }));
    return all.filter(({ slot }) => hasSlot(slots, slot) && !known.has(slot));
  }

  /** Either the process died after the last delivery and before the removal, or the part that names the targets was damaged. */
  #removeDone(key: string, event: EventKey): void {
    const { store, deadLetters, clock, log } = this.#services;
    const read = readRecord(store.get(key), event.size, eventPlace(event));
    if (read.kind === 'newer') return;
    if (read.kind === 'damaged') {
      const { reason } = read;
      deadLetters.add(NO_TARGET, event, read, { reason, at: clock.now(), attempts: 0 });
      const message =
        'A stored event cannot be read, nor which targets it was for: what is left of it is a dead letter.';
      log.coalesce({ reason }).error(message, { id: event.id });
    }
    store.delete(key);
  }
}

/** @returns whether a target is done with an event behind others that wait */
function isDoneAhead({ named = [] }: QueueRecord, seq: number): boolean {
  return named.some(([first, , , upTo]) => first < seq && seq <= upTo);
}

function restoreItem(event: StoredEvent, mark: string | undefined): QueuedEvent {
  const item = new QueuedEvent(event);
  item.isMarked = mark !== undefined;
  const [, errors] = /^aside (\d+)/.exec(mark ?? '') ?? [];
  if (errors === undefined) return item;
  item.isDeferred = true;
  item.deferredErrors = Number(errors);
  item.serverErrors = DEFER_AFTER;
  item.attempts = DEFER_AFTER + item.deferredErrors;
  return item;
}
