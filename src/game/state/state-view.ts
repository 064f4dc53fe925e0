import { CLOSED_CALL, type DispatchCall, type EmergencyCall } from '../../events/catalogue/calls.ts';
import type { Unit } from '../../events/catalogue/units.ts';
import type { CallEntry } from './calls.ts';
import type { MonotonicClock, Tables } from './tables.ts';

/**
 * The units and calls that are known now. Units and calls that events named before any introduced them are in none of the answers.
 * What a method gives stays as it is when the state changes afterwards.
 */
export class StateView {
  protected readonly tables: Tables;
  protected readonly clock: MonotonicClock;

  constructor(tables: Tables, clock: MonotonicClock) {
    this.tables = tables;
    this.clock = clock;
  }

  /** All units that are signed in, in the order of their login. */
  units(): Unit[] {
    return this.#units().all();
  }

  /** @returns undefined for a unit that is not signed in, or of which nothing but its number is known */
  getUnit(ident: number): Unit | undefined {
    return this.#units().get(ident);
  }

  /** @param source a server id. @returns the idents of the player's signed-in units, the last one to sign in at the end */
  unitsOfPlayer(source: number): readonly number[] {
    return this.#units().unitsOf(source);
  }

  /** @returns the unit that a player signed in as last */
  unitOfPlayer(source: number): Unit | undefined {
    return this.tables.units.get(this.#units().unitsOf(source).at(-1) ?? Number.NaN);
  }

  /** @returns the server ids of the connected players of a unit */
  playersOfUnit(ident: number): readonly number[] {
    return this.#units().playersOf(ident);
  }

  /** @returns the server ids of all connected players who have a signed-in unit */
  playersInCad(): Iterable<number> {
    return this.#units().players();
  }

  /** Dispatch calls, those that were closed in the last 10 minutes at the end. */
  callEntries(): CallEntry[] {
    return this.#calls().all();
  }

  /** @returns undefined for a call of which nothing but its number is known; closed ones are given while they are kept */
  getCall(callId: number): DispatchCall | undefined {
    return this.#calls().get(callId)?.dispatch;
  }

  /** @returns milliseconds since a dispatch call was closed, or for an open one since the last event about it or the restart */
  ageOfCall(callId: number): number | undefined {
    return this.tables.calls.ageOf(callId, this.clock.monotonic());
  }

  /** 911 calls that wait. */
  emergencyCalls(): EmergencyCall[] {
    return this.#emergencies().all();
  }

  getEmergencyCall(callId: number): EmergencyCall | undefined {
    return this.#emergencies().get(callId);
  }

  /** @returns milliseconds since the last event about a 911 call, or the restart */
  ageOfEmergencyCall(callId: number): number | undefined {
    return this.tables.emergencies.ageOf(callId, this.clock.monotonic());
  }

  /** @returns the open dispatch calls that a unit is attached to */
  callsOfUnit(ident: number): number[] {
    return this.#calls()
      .all()
      .filter(({ dispatch }) => dispatch.status !== CLOSED_CALL && dispatch.idents.includes(ident))
      .map(({ dispatch }) => dispatch.callId);
  }

  /** The dispatchers who are signed in, and whether they are on this server. */
  dispatchers(): { readonly id: number; readonly isInGame: boolean }[] {
    return this.#units().dispatchers();
  }

  isDispatcherOnline(): boolean {
    return this.#units().hasDispatcher();
  }

  /**
   * The units that the official resource would have in its cache, in the order of their login: those whose player is connected
   * or was since their login, others for 60 s after it, and the one whose logout is being announced.
   */
  cachedUnits(): Unit[] {
    return this.#units().cached(this.clock.monotonic());
  }

  /** @returns the place of a cached unit, from 0, or -1. @param wanted its ident, or identities of its player */
  indexOfCachedUnit(wanted: number | readonly string[]): number {
    const units = this.#units();
    const cached = units.cached(this.clock.monotonic());
    if (typeof wanted === 'number') return cached.findIndex(({ id }) => id === wanted);
    const ids = new Set(units.withIdentity(wanted));
    return cached.findIndex(({ id }) => ids.has(id));
  }

  /** @returns the idents of signed-in units with one of these identities */
  unitsWithIdentity(identities: readonly string[]): number[] {
    return this.#units().withIdentity(identities);
  }

  /** However long no event came, nothing that is too old is shown. */
  #fresh<Table extends { purge(now: number): void }>(table: Table): Table {
    table.purge(this.clock.monotonic());
    return table;
  }

  #units() {
    return this.#fresh(this.tables.units);
  }

  #calls() {
    return this.#fresh(this.tables.calls);
  }

  #emergencies() {
    return this.#fresh(this.tables.emergencies);
  }
}
