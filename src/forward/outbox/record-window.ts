import type { EventRecord } from './event-record.ts';

/** The events that were read or added last: most are wanted again at once, all others stay in the store. */
export interface RecordWindow {
  get(seq: number): EventRecord | null;
  put(seq: number, record: EventRecord): void;
  remove(seq: number): void;
}

const MAX_RECORDS = 64;
const MAX_BYTES = 1024 * 1024;

export function createRecordWindow(): RecordWindow {
  const records = new Map<number, EventRecord>();
  let bytes = 0;

  function remove(seq: number): void {
    bytes -= records.get(seq)?.body.bytes.length ?? 0;
    records.delete(seq);
  }

  return {
    get: (seq) => records.get(seq) ?? null,
    put(seq, record) {
      remove(seq);
      records.set(seq, record);
      bytes += record.body.bytes.length;
      for (const oldest of records.keys()) {
        if (records.size <= MAX_RECORDS && bytes <= MAX_BYTES) break;
        remove(oldest);
      }
    },
    remove,
  };
}
