import type { Log } from '../../lib/log.ts';
import { reasonOf } from '../../lib/text.ts';
import type { KeyValueStore } from '../../platform/kvp-store.ts';
import type { CheckedStore } from '../stores/checked-store.ts';
import type { Outbox } from './outbox.ts';
import { COUNTER_KEY, parseQueueKey, queueKey } from './store-keys.ts';
import { type QueueRecord, readQueue, UNKNOWN_TARGET, writeQueue } from './stored-records.ts';

/** A delivery queue that an earlier run left. */
export interface FoundQueue {
  readonly target: string;
  /** Its place in the masks of the events. */
  readonly slot: number;
  readonly record: QueueRecord;
}

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
    const isExact = !checked.endedWithinMending;
    const found = keys
      .flatMap((key) => readFound(key, checked, outbox, log) ?? [])
      .map((queue) => (isExact ? queue : withoutNames(queue, checked)));
    const taken = new Set(found.map(({ slot }) => slot));
    for (const key of missed) {
      const place = parseQueueKey(key);
      // 5.0.0 lists no queues: it may have given the slot to another target.
      if (place === null || taken.has(place.slot)) continue;
      const isElsewhere = found.some(({ target }) => target === place.target);
      // A process that died while it mended the database has left the index as it was before the target was removed and came back.
      const target = isElsewhere ? `unknown-${place.slot}` : place.target;
      if (!isElsewhere) log.error(`The progress of a target is gone from the database; ${SENT_ONCE_MORE}`, { target });
      found.push({ target, slot: place.slot, record: UNKNOWN_TARGET });
    }
    return found;
  } catch (error) {
    checked.detach(reasonOf(error));
    return null;
  }
}

/** What it says of events that are missing cannot be believed. */
function withoutNames({ target, slot, record }: FoundQueue, checked: CheckedStore): FoundQueue {
  const nameless = { ...record, named: undefined, since: undefined };
  const key = queueKey(target, slot);
  checked.set(key, writeQueue(nameless, key));
  return { target, slot, record: nameless };
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
  const numbers = record === 'damaged' ? [] : [record.seq, ...(record.named ?? []).map(([, , , doneUpTo]) => doneUpTo)];
  const isAhead = numbers.some((number) => number > outbox.lastSeq);
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
