import type { KeyValueStore } from '../../platform/kvp-store.ts';
import type { Log } from '../../platform/log.ts';
import { reasonOf } from '../../text/reason-of.ts';
import type { CheckedStore } from '../stores/checked-store.ts';
import { type LaneRecord, readLane } from './lane-record.ts';
import { parseLaneKey } from './store-keys.ts';

/** A lane that an earlier run left. */
export interface FoundLane {
  readonly target: string;
  /** Its place in the masks of the events. */
  readonly slot: number;
  readonly record: LaneRecord;
}

export type FindLanesResult =
  | { readonly kind: 'found'; readonly lanes: readonly FoundLane[] }
  /** The store cannot be used by this version or at this time. */
  | { readonly kind: 'unusable'; readonly reason: string };

/** Reads what there is of lanes: a few short records. */
export function findLanes(store: KeyValueStore, checked: CheckedStore, log: Log): FindLanesResult {
  let keys: string[];
  try {
    keys = [...store.keys('c/')];
  } catch (error) {
    return { kind: 'unusable', reason: reasonOf(error) };
  }
  const lanes: FoundLane[] = [];
  for (const key of keys) {
    const place = parseLaneKey(key);
    const value = checked.get(key);
    const record = readLane(value);
    if (place === null || record === 'newer') {
      return { kind: 'unusable', reason: 'a later version of this resource has written it, and it is left as it is' };
    }
    if (record === 'corrupt') reportCorrupt(checked, log, key, value ?? '');
    lanes.push({ ...place, record: record === 'corrupt' ? FROM_THE_START : record });
  }
  return { kind: 'found', lanes };
}

/** Rather twice than never: everything that is still stored for the lane is sent. */
const FROM_THE_START: LaneRecord = { seq: 0, answered: false, silent: false, address: '' };

function reportCorrupt(checked: CheckedStore, log: Log, key: string, value: string): void {
  checked.set(`x/${key}`, value);
  log.error('How far a target has got cannot be read; what is still stored for it is sent once more.', {
    key: `x/${key}`,
  });
}

/** Places for lanes in the masks: those of removed targets among them, until their events are dead letters. */
const SLOTS = 52;

/** @returns a slot that none of the lanes has, null when all are taken */
export function freeSlot(taken: ReadonlySet<number>): number | null {
  for (let slot = 0; slot < SLOTS; slot += 1) if (!taken.has(slot)) return slot;
  return null;
}
