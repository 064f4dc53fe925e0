import type { Clock } from '../../platform/clock.ts';
import type { KeyValueStore } from '../../platform/kvp-store.ts';
import type { Log } from '../../platform/log.ts';
import type { RecoveredQueue } from '../lanes/lane-queue.ts';
import { createItem, type QueueItem, SUSPECT_AFTER } from '../lanes/queue-item.ts';
import type { CheckedStore } from '../stores/checked-store.ts';
import type { DeadLetters } from './dead-letters.ts';
import { readRecord } from './event-record.ts';
import type { FoundLane } from './find-lanes.ts';
import type { Outbox, StoredEvent } from './outbox.ts';
import { asideKey, type EventKey, parseAsideKey, parseDeadLetterKey, parseEventKey, seqIn } from './store-keys.ts';

/** A walk over the keys of the store, in pieces. */
export interface Recovery {
  /** Goes on for about so many milliseconds. @returns whether it is at the end. @throws when the store cannot be searched */
  run(milliseconds: number): boolean;
  /** @returns what was found for a lane */
  queueOf(slot: number): RecoveredQueue;
  /** Leaves off, and gives back what the walk holds. */
  stop(): void;
}

export interface RecoveryOptions {
  readonly store: KeyValueStore;
  readonly checked: CheckedStore;
  readonly outbox: Outbox;
  readonly deadLetters: DeadLetters;
  readonly lanes: readonly FoundLane[];
  readonly clock: Clock;
  readonly log: Log;
}

/** What a lane finds in a store that cannot be read, or where nothing waits for it. */
export const nothingRecovered = (): RecoveredQueue => ({ places: [], asides: [], bytes: 0 });

/** Keys between two looks at the clock. */
const KEYS_A_LOOK = 32;

/** Reads keys, and no bodies: what a lane owes is what it has not passed, and what is marked as still owed. */
export function createRecovery(options: RecoveryOptions): Recovery {
  const { store, checked, outbox, deadLetters, lanes, clock, log } = options;
  const firstOfThisRun = outbox.lastSeq + 1;
  const queues = new Map<number, RecoveredQueue>(lanes.map(({ slot }) => [slot, nothingRecovered()]));
  const marks = new Map<string, string>();
  let unknown = 0;

  function* walk(): Generator<void, void, undefined> {
    for (const key of store.keys('a/')) {
      if (parseAsideKey(key) === null) unknown += 1;
      else marks.set(key, checked.get(key) ?? '');
      yield;
    }
    for (const key of store.keys('d/')) {
      const letter = parseDeadLetterKey(key);
      if (letter === null) unknown += 1;
      else deadLetters.adopt(letter);
      outbox.sawSeq(seqIn(key));
      yield;
    }
    for (const key of store.keys('o/')) {
      takeEvent(key);
      yield;
    }
    for (const stale of marks.keys()) checked.delete(stale);
    if (unknown > 0)
      log.warn('Some stored events are of a form that this version does not know; they are left as they are.', {
        count: unknown,
      });
  }

  function takeEvent(key: string) {
    const event = parseEventKey(key);
    const seq = event?.seq ?? seqIn(key);
    if (seq >= firstOfThisRun && seq <= outbox.lastSeq) return; // came in while this walk was under way
    outbox.sawSeq(seq);
    if (event === null) {
      unknown += 1;
      return;
    }
    const owing = lanes.filter((lane) => owes(lane, event));
    if (owing.length === 0) return removeUnowed(key, event);
    const stored = outbox.adopt(event, owing.length);
    for (const lane of owing) {
      const markKey = asideKey(lane.target, event.seq);
      const mark = marks.get(markKey);
      const queue = queues.get(lane.slot);
      if (queue !== undefined) queue.bytes += event.size;
      if (mark === undefined) {
        queue?.places.push(stored);
        continue;
      }
      marks.delete(markKey);
      const item = restoreItem(stored, mark);
      (item.aside ? queue?.asides : queue?.places)?.push(item);
    }
  }

  function owes({ target, slot, record }: FoundLane, { slots, seq }: EventKey): boolean {
    if (Math.floor(slots / 2 ** slot) % 2 === 0) return false;
    return seq > record.seq || marks.has(asideKey(target, seq));
  }

  /** The process died after the last lane was done with it and before it was removed. */
  function removeUnowed(key: string, { size }: EventKey) {
    if (readRecord(checked.get(key), size).kind !== 'newer') checked.delete(key);
  }

  let walking = walk();

  return {
    run(milliseconds) {
      const began = clock.monotonic();
      for (let keys = 1; ; keys += 1) {
        if (walking.next().done) return true;
        if (keys % KEYS_A_LOOK === 0 && clock.monotonic() - began >= milliseconds) return false;
      }
    },
    queueOf: (slot) => queues.get(slot) ?? nothingRecovered(),
    stop() {
      walking.return();
      walking = walk();
    },
  };
}

function restoreItem(event: StoredEvent, mark: string): QueueItem {
  const item = createItem(event);
  item.marked = true;
  const [, refusals] = /^aside (\d+)$/.exec(mark) ?? [];
  if (refusals === undefined) return item;
  item.aside = true;
  item.lateServerErrors = Number(refusals);
  item.serverErrors = SUSPECT_AFTER;
  item.attempts = SUSPECT_AFTER + item.lateServerErrors;
  return item;
}
