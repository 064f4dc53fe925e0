import { type Applied, createRecordStore, type Shelf } from './record-store.ts';
import type { CallEntry, CallRecord, Change } from './records.ts';

export interface CallTable {
  get(callId: number): CallEntry | undefined;
  apply(change: Change<CallRecord>, now: number): Applied<CallRecord>;
  purge(now: number): void;
  /** @returns milliseconds since a call was closed, or for an open one since the last event about it */
  ageOf(callId: number, now: number): number | undefined;
  /** @returns all that were introduced, closed ones last */
  all(): CallEntry[];
}

const DAY = 86_400_000;
/** Scripts may still ask about a call that was closed just now. */
const CLOSED_MS = 10 * 60_000;

const SHELVES: Readonly<{ open: Shelf; closed: Shelf; unknown: Shelf }> = {
  open: { most: 10_000, maxAge: 7 * DAY, ageFrom: 'change' },
  closed: { most: 1_000, maxAge: CLOSED_MS, ageFrom: 'arrival' },
  unknown: { most: 1_000, maxAge: DAY, ageFrom: 'change' },
};

export function createCallTable(): CallTable {
  const store = createRecordStore<keyof typeof SHELVES, CallRecord>(SHELVES, (record) =>
    record.known ? (record.closed ? 'closed' : 'open') : 'unknown',
  );
  const entryOf = (record: CallRecord | undefined) => (record?.known ? [record.entry] : []);
  return {
    get: (callId) => entryOf(store.get(callId))[0],
    apply: store.apply,
    purge: store.purge,
    ageOf: store.ageOf,
    all: () => [...store.on('open'), ...store.on('closed')].flatMap(entryOf),
  };
}
