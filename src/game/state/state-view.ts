import { CLOSED_CALL } from '../../events/catalogue/calls.ts';
import type { Tables } from './legacy-events.ts';
import type { CallEntry, DispatchCall, EmergencyCall, Unit } from './records.ts';

/** A dispatcher who is signed in, and whether they are on this server. */
export interface ActiveDispatcher {
  readonly id: number;
  readonly isInGame: boolean;
}

/**
 * What is known now. Units and calls that events named before anybody introduced them are in none of the answers. What is given
 * stays as it is when the state changes afterwards.
 */
export interface StateView {
  /** All units that are signed in, in the order of their login. */
  units(): Unit[];
  getUnit(ident: number): Unit | undefined;
  /** @param source a server id. @returns the idents of the player's signed-in units, the last one to sign in at the end */
  unitsOfPlayer(source: number): readonly number[];
  /** @returns the server ids of the connected players of a unit */
  playersOfUnit(ident: number): readonly number[];
  /** @returns the server ids of all connected players who have a signed-in unit */
  playersInCad(): Iterable<number>;
  /** Dispatch calls, those that were closed in the last 10 minutes at the end. */
  callEntries(): CallEntry[];
  getCall(callId: number): DispatchCall | undefined;
  /** @returns milliseconds since a dispatch call was closed, or for an open one since the last event about it or the restart */
  ageOfCall(callId: number): number | undefined;
  /** 911 calls that wait. */
  emergencyCalls(): EmergencyCall[];
  getEmergencyCall(callId: number): EmergencyCall | undefined;
  /** @returns milliseconds since the last event about a 911 call, or the restart */
  ageOfEmergencyCall(callId: number): number | undefined;
  /** @returns the open dispatch calls that a unit is attached to */
  callsOfUnit(ident: number): number[];
  dispatchers(): ActiveDispatcher[];
  isDispatcherOnline(): boolean;
  /**
   * The units that the official resource would have in its cache, in the order of their login: those whose player is connected
   * or was since their login, others for 60 s after it, and the one whose logout is being announced.
   */
  cachedUnits(): Unit[];
  /** @returns the place of a cached unit, from 0, or -1. @param wanted its ident, or identities of its player */
  indexOfCachedUnit(wanted: number | readonly string[]): number;
  /** @returns the idents of signed-in units with one of these identities */
  unitsWithIdentity(identities: readonly string[]): number[];
}

/** @param clock milliseconds that never run backwards */
export function createStateView({ units, calls, emergencies }: Tables, clock: { monotonic(): number }): StateView {
  /** Nothing that is too old is shown, however long no event came. */
  function fresh<Table extends { purge(now: number): void }>(table: Table): Table {
    table.purge(clock.monotonic());
    return table;
  }

  return {
    units: () => fresh(units).all(),
    getUnit: (ident) => fresh(units).get(ident),
    unitsOfPlayer: (source) => fresh(units).unitsOf(source),
    playersOfUnit: (ident) => fresh(units).playersOf(ident),
    playersInCad: () => fresh(units).players(),
    callEntries: () => fresh(calls).all(),
    getCall: (callId) => fresh(calls).get(callId)?.dispatch,
    ageOfCall: (callId) => calls.ageOf(callId, clock.monotonic()),
    emergencyCalls: () => [...fresh(emergencies).on('waiting')],
    getEmergencyCall: (callId) => fresh(emergencies).get(callId),
    ageOfEmergencyCall: (callId) => emergencies.ageOf(callId, clock.monotonic()),
    callsOfUnit: (ident) =>
      fresh(calls)
        .all()
        .filter(({ dispatch }) => dispatch.status !== CLOSED_CALL && dispatch.idents.includes(ident))
        .map(({ dispatch }) => dispatch.callId),
    dispatchers: () => fresh(units).dispatchers(),
    isDispatcherOnline: () => fresh(units).hasDispatcher(),
    cachedUnits: () => fresh(units).cached(clock.monotonic()),
    unitsWithIdentity: (identities) => fresh(units).withIdentity(identities),
    indexOfCachedUnit(wanted) {
      const cached = fresh(units).cached(clock.monotonic());
      if (typeof wanted === 'number') return cached.findIndex(({ id }) => id === wanted);
      const ids = new Set(units.withIdentity(wanted));
      return cached.findIndex(({ id }) => ids.has(id));
    },
  };
}
