import type { EmergencyCall } from '../../events/catalogue/calls.ts';
import type { KnownPushEvent } from '../../events/push-event.ts';
import type { PlayerLookup } from '../players/players.ts';
import {
  type CallEntry,
  type CallRecord,
  CallTable,
  callChanges,
  callRecord,
  EmergencyTable,
  emergencyChanges,
} from './calls.ts';
import type { Applied } from './records.ts';
import { type AppliedToUnit, type Pairing, type UnitSnapshot, UnitTable, unitChanges } from './units.ts';

/** Milliseconds that never run backwards. */
export interface MonotonicClock {
  monotonic(): number;
}

/** A snapshot of units and calls as plain values. */
export interface StateSnapshot {
  readonly units: readonly UnitSnapshot[];
  readonly calls: readonly CallEntry[];
  readonly emergencies: readonly EmergencyCall[];
}

/** What an event has changed. */
export interface AppliedEvent {
  readonly units: readonly AppliedToUnit[];
  readonly calls: readonly Applied<CallRecord>[];
  readonly emergencies: readonly Applied<EmergencyCall>[];
}

/** Units, calls and 911 calls, as events and lists of the CAD change them. */
export class Tables {
  readonly units: UnitTable;
  readonly calls = new CallTable();
  readonly emergencies = new EmergencyTable();
  readonly #clock: MonotonicClock;

  constructor(players: PlayerLookup, clock: MonotonicClock) {
    this.units = new UnitTable(players);
    this.#clock = clock;
  }

  apply(event: KnownPushEvent): AppliedEvent {
    const now = this.#clock.monotonic();
    return {
      units: unitChanges(event, now).map((change) => this.units.apply(change, now)),
      calls: callChanges(event).map((change) => this.calls.apply(change, now)),
      emergencies: emergencyChanges(event).map((change) => this.emergencies.apply(change, now)),
    };
  }

  snapshot(): StateSnapshot {
    return { units: this.units.snapshot(), calls: this.calls.all(), emergencies: this.emergencies.all() };
  }

  /** Takes what was known before a restart. @returns the players who are a unit */
  restore(snapshot: StateSnapshot): Pairing[] {
    const now = this.#clock.monotonic();
    for (const entry of snapshot.calls)
      this.calls.apply({ id: entry.dispatch.callId, next: () => callRecord(entry) }, now);
    for (const call of snapshot.emergencies) this.emergencies.apply({ id: call.callId, next: () => call }, now);
    return snapshot.units.flatMap((unit) => this.units.restore(unit, now));
  }
}
