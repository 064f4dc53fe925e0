import type { EmergencyCall } from '../../events/catalogue/calls.ts';
import type { KnownPushEvent } from '../../events/push-event.ts';
import type { PlayerLookup } from '../players/players.ts';
import {
  type CallEntry,
  callChanges,
  callRecord,
  createCallTable,
  createEmergencyTable,
  emergencyChanges,
} from './calls.ts';
import { createUnitTable, type Pairing, type UnitSnapshot, unitChanges } from './units.ts';

/** What is known, as plain values. */
export interface StateSnapshot {
  readonly units: readonly UnitSnapshot[];
  readonly calls: readonly CallEntry[];
  readonly emergencies: readonly EmergencyCall[];
}

export type Tables = ReturnType<typeof createTables>;
/** What an event has changed. */
export type AppliedEvent = ReturnType<Tables['apply']>;

/** All that is known. @param clock milliseconds that never run backwards */
export function createTables(players: PlayerLookup, clock: { monotonic(): number }) {
  const units = createUnitTable(players);
  const calls = createCallTable();
  const emergencies = createEmergencyTable();
  return {
    units,
    calls,
    emergencies,
    apply(event: KnownPushEvent) {
      const now = clock.monotonic();
      return {
        units: unitChanges(event, now).map((change) => units.apply(change, now)),
        calls: callChanges(event).map((change) => calls.apply(change, now)),
        emergencies: emergencyChanges(event).map((change) => emergencies.apply(change, now)),
      };
    },
    snapshot: (): StateSnapshot => ({ units: units.snapshot(), calls: calls.all(), emergencies: emergencies.all() }),
    /** Takes what was known before a restart. @returns the players who are a unit */
    restore(snapshot: StateSnapshot): Pairing[] {
      const now = clock.monotonic();
      for (const entry of snapshot.calls)
        calls.apply({ id: entry.dispatch.callId, next: () => callRecord(entry) }, now);
      for (const call of snapshot.emergencies) emergencies.apply({ id: call.callId, next: () => call }, now);
      return snapshot.units.flatMap((unit) => units.restore(unit, now));
    },
  };
}
