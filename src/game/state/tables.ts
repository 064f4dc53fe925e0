import { CLOSED_CALL, type DispatchCall, type EmergencyCall } from '../../events/catalogue/calls.ts';
import type { Unit } from '../../events/catalogue/units.ts';
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

export type StateView = ReturnType<typeof createStateView>;

/**
 * What is known now. Units and calls that events named before any introduced them are in none of the answers. What is given stays
 * as it is when the state changes afterwards.
 *
 * @param clock milliseconds that never run backwards
 */
export function createStateView({ units, calls, emergencies }: Tables, clock: { monotonic(): number }) {
  /** Nothing that is too old is shown, however long no event came. */
  function fresh<Table extends { purge(now: number): void }>(table: Table): Table {
    table.purge(clock.monotonic());
    return table;
  }

  return {
    /** All units that are signed in, in the order of their login. */
    units: (): Unit[] => fresh(units).all(),
    /** @returns undefined for a unit that is not signed in, or of which nothing but its number is known */
    getUnit: (ident: number): Unit | undefined => fresh(units).get(ident),
    /** @param source a server id. @returns the idents of the player's signed-in units, the last one to sign in at the end */
    unitsOfPlayer: (source: number): readonly number[] => fresh(units).unitsOf(source),
    /** @returns the unit that a player signed in as last */
    unitOfPlayer: (source: number): Unit | undefined => units.get(fresh(units).unitsOf(source).at(-1) ?? Number.NaN),
    /** @returns the server ids of the connected players of a unit */
    playersOfUnit: (ident: number): readonly number[] => fresh(units).playersOf(ident),
    /** @returns the server ids of all connected players who have a signed-in unit */
    playersInCad: (): Iterable<number> => fresh(units).players(),
    /** Dispatch calls, those that were closed in the last 10 minutes at the end. */
    callEntries: (): CallEntry[] => fresh(calls).all(),
    /** @returns undefined for a call of which nothing but its number is known; closed ones are given while they are kept */
    getCall: (callId: number): DispatchCall | undefined => fresh(calls).get(callId)?.dispatch,
    /** @returns milliseconds since a dispatch call was closed, or for an open one since the last event about it or the restart */
    ageOfCall: (callId: number): number | undefined => calls.ageOf(callId, clock.monotonic()),
    /** 911 calls that wait. */
    emergencyCalls: (): EmergencyCall[] => fresh(emergencies).all(),
    getEmergencyCall: (callId: number): EmergencyCall | undefined => fresh(emergencies).get(callId),
    /** @returns milliseconds since the last event about a 911 call, or the restart */
    ageOfEmergencyCall: (callId: number): number | undefined => emergencies.ageOf(callId, clock.monotonic()),
    /** @returns the open dispatch calls that a unit is attached to */
    callsOfUnit: (ident: number): number[] =>
      fresh(calls)
        .all()
        .filter(({ dispatch }) => dispatch.status !== CLOSED_CALL && dispatch.idents.includes(ident))
        .map(({ dispatch }) => dispatch.callId),
    /** The dispatchers who are signed in, and whether they are on this server. */
    dispatchers: () => fresh(units).dispatchers(),
    isDispatcherOnline: (): boolean => fresh(units).hasDispatcher(),
    /**
     * The units that the official resource would have in its cache, in the order of their login: those whose player is connected
     * or was since their login, others for 60 s after it, and the one whose logout is being announced.
     */
    cachedUnits: (): Unit[] => fresh(units).cached(clock.monotonic()),
    /** @returns the place of a cached unit, from 0, or -1. @param wanted its ident, or identities of its player */
    indexOfCachedUnit(wanted: number | readonly string[]): number {
      const cached = fresh(units).cached(clock.monotonic());
      if (typeof wanted === 'number') return cached.findIndex(({ id }) => id === wanted);
      const ids = new Set(units.withIdentity(wanted));
      return cached.findIndex(({ id }) => ids.has(id));
    },
    /** @returns the idents of signed-in units with one of these identities */
    unitsWithIdentity: (identities: readonly string[]): number[] => fresh(units).withIdentity(identities),
  };
}
