import type { LaneRecord } from '../outbox/lane-record.ts';
import { writeLane } from '../outbox/lane-record.ts';
import type { Outbox, StoredEvent } from '../outbox/outbox.ts';
import { asideKey, laneKey } from '../outbox/store-keys.ts';
import type { CheckedStore } from '../stores/checked-store.ts';
import { createCounts, type LaneCounts, type LaneOutcome } from './lane-counts.ts';
import { createItem, isItem, type QueueItem, type QueuePlace } from './queue-item.ts';

/** What is remembered of a target over restarts. */
export interface LaneFacts {
  answered: boolean;
  silent: boolean;
  address: string;
}

/** What a lane has left from an earlier run. */
export interface RecoveredQueue {
  /** In order; becomes the queue. */
  readonly places: QueuePlace[];
  readonly asides: QueueItem[];
  /** Of all of them, as stored. */
  bytes: number;
}

/** The events that one target is owed, in order, and how far it has got: in memory and in the store. */
export interface LaneQueue {
  readonly name: string;
  readonly slot: number;
  readonly counts: LaneCounts;
  readonly facts: LaneFacts;
  saveFacts(): void;
  /** Takes up what an earlier run left, before everything that has been pushed since. */
  adopt(recovered: RecoveredQueue): void;
  push(event: StoredEvent): void;
  /** @returns the first event that waits, or with 1 the second; null when there is none */
  waiting(index?: 0 | 1): QueueItem | null;
  /** The events that were set aside, in no order. */
  readonly asides: readonly QueueItem[];
  /** The events that were sent and of which nothing is known. */
  unconfirmed(): QueueItem[];
  /** Takes an event out of the order. */
  setAside(item: QueueItem, dueAt: number): void;
  /** Remembers how often an event that was set aside has been refused. */
  saveAside(item: QueueItem): void;
  /** The lane is done with an event; whatever is to be kept of it has been stored. */
  settle(item: QueueItem, outcome: LaneOutcome): void;
  /** Goes on without an event, which stays in the store as something that is still owed. */
  leave(item: QueueItem): void;
  find(seq: number): QueueItem | null;
  findById(id: string): QueueItem[];
  /** Events that are not settled, and the bytes of what is stored of them. */
  readonly length: number;
  readonly bytes: number;
  /** Makes what the store says as exact as what memory knows. */
  persist(): void;
  /** Removes every trace of the lane from the store. */
  forget(): void;
}

export interface LaneQueueOptions {
  readonly name: string;
  readonly slot: number;
  readonly record: LaneRecord;
  readonly outbox: Outbox;
  readonly store: CheckedStore;
}

/** Settled events at the front are dropped from memory in batches of this size. */
const BATCH = 512;

export function createLaneQueue({ name, slot, record, outbox, store }: LaneQueueOptions): LaneQueue {
  const counts = createCounts();
  const facts: LaneFacts = { answered: record.answered, silent: record.silent, address: record.address };
  let cursor = record.seq;
  let places: QueuePlace[] = [];
  let front = 0;
  let asides: QueueItem[] = [];
  let length = 0;
  let bytes = 0;

  const save = (): void => store.set(laneKey(name, slot), writeLane({ seq: cursor, ...facts }));

  function count(event: StoredEvent): void {
    length += 1;
    bytes += event.size;
  }

  function itemAt(at: number): QueueItem | null {
    const place = places[at];
    if (place === undefined || isItem(place)) return place ?? null;
    const item = createItem(place);
    places[at] = item;
    return item;
  }

  /** The items at and behind the front: all events that anything has been done with. */
  const touched = (): QueueItem[] => [...places.slice(front).filter(isItem), ...asides];

  const isSettledAt = (at: number): boolean => {
    const place = places[at];
    return place !== undefined && isItem(place) && place.state === 'settled';
  };

  /** The cursor stands before the first event that is not settled, and never goes back. */
  function advance(): void {
    if (!isSettledAt(front)) return;
    for (; isSettledAt(front); front += 1) cursor = Math.max(cursor, itemAt(front)?.event.seq ?? 0);
    save();
    if (front < BATCH || front * 2 < places.length) return;
    places = places.slice(front);
    front = 0;
  }

  function mark(item: QueueItem, value: string): void {
    store.set(asideKey(name, item.event.seq), value);
    item.marked = true;
  }

  function unmark(item: QueueItem): void {
    if (item.marked) store.delete(asideKey(name, item.event.seq));
    item.marked = false;
  }

  /** An event that was set aside stands outside the order. */
  function takeOut(item: QueueItem): void {
    length -= 1;
    bytes -= item.event.size;
    item.state = 'settled';
    if (item.aside) asides = asides.filter((other) => other !== item);
    else advance();
  }

  return {
    name,
    slot,
    counts,
    facts,
    saveFacts: save,
    adopt(recovered) {
      // Nothing here takes longer with more events: the game waits meanwhile.
      for (const place of places.slice(front)) recovered.places.push(place);
      const found = recovered.places.length + recovered.asides.length - (places.length - front);
      places = recovered.places;
      front = 0;
      asides = [...asides, ...recovered.asides];
      counts.recovered += found;
      length += found;
      bytes += recovered.bytes;
    },
    push(event) {
      places.push(event);
      counts.accepted += 1;
      count(event);
    },
    waiting(index = 0) {
      let skipped = 0;
      for (let at = front; at < places.length; at += 1) {
        const item = itemAt(at);
        if (item?.state !== 'waiting') continue;
        if (skipped === index) return item;
        skipped += 1;
      }
      return null;
    },
    get asides() {
      return asides;
    },
    unconfirmed: () => touched().filter(({ state }) => state === 'unconfirmed'),
    setAside(item, dueAt) {
      const aside: QueueItem = { ...item, state: 'waiting', aside: true, dueAt };
      mark(aside, asideMark(aside));
      asides.push(aside);
      item.state = 'settled';
      advance();
    },
    saveAside: (item) => mark(item, asideMark(item)),
    settle(item, outcome) {
      counts[outcome] += 1;
      takeOut(item);
      outbox.release(item.event);
      unmark(item);
    },
    leave(item) {
      mark(item, OWED_MARK);
      counts.leftAlone += 1;
      takeOut(item);
    },
    find(seq) {
      let [low, high] = [front, places.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        const place = places[middle];
        const middleSeq = place === undefined ? 0 : (isItem(place) ? place.event : place).seq;
        if (middleSeq < seq) low = middle + 1;
        else high = middle;
      }
      const found = [itemAt(low), ...asides].find((item) => item?.event.seq === seq && item.state !== 'settled');
      return found ?? null;
    },
    findById(id) {
      for (let at = front; at < places.length; at += 1) {
        const place = places[at];
        if (place !== undefined && !isItem(place) && place.id === id) itemAt(at);
      }
      return touched().filter((item) => item.event.id === id && item.state !== 'settled');
    },
    get length() {
      return length;
    },
    get bytes() {
      return bytes;
    },
    persist() {
      let last = places.length - 1;
      while (last >= front && !isSettledAt(last)) last -= 1;
      for (let at = front; at <= last; at += 1) {
        const item = itemAt(at);
        if (item !== null && item.state !== 'settled') mark(item, OWED_MARK);
      }
      cursor = Math.max(cursor, itemAt(last)?.event.seq ?? 0);
      save();
    },
    forget() {
      store.delete(laneKey(name, slot));
    },
  };
}

/** Still owed, in its place. */
const OWED_MARK = 'owed';

/** Set aside, and how often it has been refused since. */
const asideMark = ({ lateServerErrors }: Pick<QueueItem, 'lateServerErrors'>): string => `aside ${lateServerErrors}`;
