import { createRecordStore, type RecordStore } from './record-store.ts';
import type { EmergencyCall } from './records.ts';

/** A 911 call waits minutes; one of yesterday was removed while nobody could tell us. */
const WAITING = { most: 5_000, maxAge: 86_400_000, ageFrom: 'change' } as const;

export function createEmergencyTable(): RecordStore<'waiting', EmergencyCall> {
  return createRecordStore({ waiting: WAITING }, () => 'waiting');
}
