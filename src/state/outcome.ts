import type { KnownPushEvent } from '../push-events/push-event.ts';
import { callChanges } from './call-changes.ts';
import type { CallTable } from './call-table.ts';
import { emergencyChanges } from './emergency-changes.ts';
import type { Applied, RecordStore } from './record-store.ts';
import type { CallRecord, EmergencyCall } from './records.ts';
import { unitChanges } from './unit-changes.ts';
import type { AppliedToUnit, UnitTable } from './unit-table.ts';

export interface Tables {
  readonly units: UnitTable;
  readonly calls: CallTable;
  readonly emergencies: RecordStore<'waiting', EmergencyCall>;
}

/** What an event has changed. */
export interface Outcome {
  readonly units: readonly AppliedToUnit[];
  readonly calls: readonly Applied<CallRecord>[];
}

/** Applies an event to all tables. @param now milliseconds, monotonic */
export function applyEvent(event: KnownPushEvent, { units, calls, emergencies }: Tables, now: number): Outcome {
  const outcome = {
    units: unitChanges(event, now).map((change) => units.apply(change, now)),
    calls: callChanges(event).map((change) => calls.apply(change, now)),
  };
  for (const change of emergencyChanges(event)) emergencies.apply(change, now);
  return outcome;
}
