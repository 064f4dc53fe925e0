import { describeValue } from '../events/normalise.ts';
import type { Audience } from '../game/dispatch/audience.ts';
import type { SubscriptionCallback, Subscriptions } from '../game/dispatch/subscriptions.ts';
import type { GameEvents } from '../platform/events.ts';
import { provideBlipExports } from './blip-exports.ts';
import { provideCadClient } from './cad-client.ts';
import { provideCallExports } from './call-exports.ts';
import {
  CallerWarnings,
  type ExportContext,
  findUnitOfPlayer,
  locateUnit,
  provideWith,
  readId,
  type UnitsInGame,
} from './export-calls.ts';
import { provideLookupExports } from './lookup-exports.ts';
import { type OfficialExportOptions, provideMissingExports, provideOfficialExports } from './official-exports.ts';
import { providePerformApiRequest } from './perform-api-request.ts';
import { providePlayerExports } from './player-exports.ts';

interface StateExportContext extends ExportContext {
  readonly game: UnitsInGame & { readonly audience: Pick<Audience, 'isOnDuty' | 'onDuty'> };
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
  const { events, game } = context;
  const { state, audience } = game;
  events.provide('getUnits', () => state.units().map((unit) => locateUnit(unit, game)));
  provideWith(context, 'getUnit', readId, (ident) => {
    const unit = state.getUnit(ident);
    return unit && locateUnit(unit, game);
  });
  provideWith(context, 'getUnitByPlayer', readId, (source) => findUnitOfPlayer(source, game));
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

type ExportsContext = OfficialExportOptions &
  StateExportContext &
  Parameters<typeof provideBlipExports>[0] &
  Parameters<typeof provideLookupExports>[0] &
  Parameters<typeof provideCadClient>[0] &
  Parameters<typeof providePlayerExports>[0];

/**
 * Provides all exports about units and calls, and the exports that ask the CAD.
 *
 * @param options.resourceName the folder under which this resource runs
 */
export function provideExports(options: Omit<ExportsContext, 'warnings'> & { readonly resourceName: string }): void {
  const warnings = new CallerWarnings(options.log, options.resourceName);
  const context: ExportsContext = { ...options, warnings };
  provideStateExports(context);
  provideOfficialExports(context);
  providePerformApiRequest(context);
  provideCallExports(context);
  provideBlipExports(context);
  provideLookupExports(context);
  providePlayerExports(context);
  provideCadClient(context);
  provideMissingExports(context.events, warnings);
}
