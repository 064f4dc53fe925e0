import type { Unit } from '../events/catalogue/units.ts';
import { describeValue } from '../events/normalise.ts';
import type { Audience } from '../game/dispatch/audience.ts';
import type { SubscriptionCallback, Subscriptions } from '../game/dispatch/subscriptions.ts';
import type { Players } from '../game/players/players.ts';
import type { StateView } from '../game/state/state-view.ts';
import type { GameEvents } from '../platform/events.ts';
import { provideBlipExports } from './blip-exports.ts';
import { provideCadClient } from './cad-client.ts';
import { provideCallExports } from './call-exports.ts';
import { type ExportContext, provideWith, readId, unitByPlayer } from './export-calls.ts';
import { provideLookupExports } from './lookup-exports.ts';
import {
  identityInCad,
  type OfficialExportOptions,
  provideMissingExports,
  provideOfficialExports,
} from './official-exports.ts';
import { providePerformApiRequest } from './perform-api-request.ts';
import { providePlayerExports } from './player-exports.ts';

/** @returns a function that gives a unit as scripts get it: with the place of its player's ped, where the server knows one */
export function createUnitLocator(
  state: Pick<StateView, 'playersOfUnit'>,
  players: Pick<Players, 'coordinatesOf'>,
): (unit: Unit) => Unit {
  return (unit) => {
    for (const source of state.playersOfUnit(unit.id)) {
      const coordinates = players.coordinatesOf(source);
      if (coordinates !== null) return { ...unit, coordinates };
    }
    return unit;
  };
}

interface StateExportContext extends ExportContext {
  readonly audience: Pick<Audience, 'isOnDuty' | 'onDuty'>;
}

/**
 * Provides the exports by which new code asks for units and calls:
 *
 * - `getUnits()` gives all units that are signed in, `getUnit(identId)` one of them, `getUnitByPlayer(source)` the one that a
 *   player signed in as last, `getPlayersOfUnit(identId)` the server ids of a unit's connected players.
 * - `getCalls()` and `getCall(callId)` give dispatch calls, among them those closed in the last 10 minutes (`status` 2),
 *   `getEmergencyCalls()` and `getEmergencyCall(callId)` the 911 calls that wait.
 * - `isOnDuty(source)` says whether a player is on duty by the configured rule (`notifications.duty`), `getPlayersOnDuty()` gives the
 *   server ids of all who are.
 *
 * What is unknown is null (`nil`), or an empty list. Ids may be text. Nothing throws.
 */
function provideStateExports(context: StateExportContext): void {
  const { events, state, located, audience } = context;
  events.provide('getUnits', () => state.units().map(located));
  provideWith(context, 'getUnit', readId, (ident) => {
    const unit = state.getUnit(ident);
    return unit && located(unit);
  });
  provideWith(context, 'getUnitByPlayer', readId, (source) => unitByPlayer(context, source));
  provideWith(context, 'getPlayersOfUnit', readId, (ident) => [...state.playersOfUnit(ident)], []);
  events.provide('getCalls', () => state.callEntries().map(({ dispatch }) => dispatch));
  provideWith(context, 'getCall', readId, (callId) => state.getCall(callId));
  events.provide('getEmergencyCalls', () => state.emergencyCalls());
  provideWith(context, 'getEmergencyCall', readId, (callId) => state.getEmergencyCall(callId));
  provideWith(context, 'isOnDuty', readId, (source) => audience.isOnDuty(source), false);
  events.provide('getPlayersOnDuty', () => audience.onDuty());
}

/** Types one subscription may name; there are 29 known ones. */
const MAX_TYPES = 200;

/**
 * Provides the exports by which other resources subscribe:
 *
 * - `onPushEvent(type | type[] | '*', callback)` gives a handle; `callback(event)` is called for each event from then on. A
 *   subscription ends when the calling resource stops. Throws when an argument is not of that form.
 * - `offPushEvent(handle)` ends one of the caller's own subscriptions and gives whether there was one. Throws when
 *   the handle is no number.
 */
export function provideSubscriptions(subscriptions: Subscriptions, events: GameEvents, ownName: string): void {
  events.provide('onPushEvent', (types, callback) => {
    const owner = events.caller() ?? ownName;
    if (!areTypes(types))
      throw new Error(
        `onPushEvent: the first argument is a type, a list of types or '*', got ${describeValue(types)}. In Lua, is it called with a colon, and with both arguments? exports['${ownName}']:onPushEvent(type, callback)`,
      );
    if (typeof callback !== 'function')
      throw new Error(`onPushEvent: the second argument is a function, got ${describeValue(callback)}`);
    return subscriptions.subscribe(types, callback as SubscriptionCallback, owner);
  });
  events.provide('offPushEvent', (handle) => {
    const owner = events.caller() ?? ownName;
    if (typeof handle !== 'number')
      throw new Error(
        `offPushEvent: the argument is what onPushEvent gave, got ${describeValue(handle)}. In Lua, is it called with a colon, and with the handle? exports['${ownName}']:offPushEvent(handle)`,
      );
    return subscriptions.unsubscribe(handle, owner);
  });
}

function areTypes(value: unknown): value is string | string[] {
  if (typeof value === 'string') return value !== '';
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MAX_TYPES &&
    value.every((type) => typeof type === 'string' && type !== '')
  );
}

type ExportsOptions = OfficialExportOptions &
  StateExportContext &
  Parameters<typeof provideBlipExports>[0] &
  Omit<Parameters<typeof provideLookupExports>[0], 'identityInCad'> &
  Parameters<typeof provideCadClient>[0] &
  Parameters<typeof providePlayerExports>[0];

/** Provides all exports about units and calls, and those that ask the CAD. */
export function provideExports(options: ExportsOptions): void {
  provideStateExports(options);
  provideOfficialExports(options);
  providePerformApiRequest(options);
  provideCallExports(options);
  provideBlipExports(options);
  provideLookupExports({ ...options, identityInCad: (source) => identityInCad(options, source) });
  providePlayerExports(options);
  provideCadClient(options);
  provideMissingExports(options.events, options.warnings);
}
