import { describeValue } from '../events/normalise.ts';
import type { BodyCallback, SubscriptionCallback, Subscriptions } from '../game/dispatch/subscriptions.ts';
import type { Log } from '../lib/log.ts';
import type { GameEvents } from '../platform/events.ts';

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
        `onPushEvent: the first argument is a type, a list of types or '*', got ${describeValue(types)}. In Lua, is it called with a colon, and with both arguments? exports.${ownName}:onPushEvent(type, callback)`,
      );
    if (typeof callback !== 'function')
      throw new Error(`onPushEvent: the second argument is a function, got ${typeof callback}`);
    return subscriptions.subscribe(types, callback as SubscriptionCallback, owner);
  });
  events.provide('offPushEvent', (handle) => {
    const owner = events.caller() ?? ownName;
    if (typeof handle !== 'number')
      throw new Error(
        `offPushEvent: the argument is what onPushEvent gave, got ${typeof handle}. In Lua, is it called with a colon, and with the handle? exports.${ownName}:offPushEvent(handle)`,
      );
    return subscriptions.unsubscribe(handle, owner);
  });
}

/**
 * Listens to the official resource's way of subscribing: the local event `SonoranCAD::RegisterPushEvent` (type, handler), type in
 * any case. `handler(body)` gets each body as received, without its key. Whatever is not of that form, or comes from a player's
 * game, is refused with a line that says so.
 *
 * @param mayCall asked for each event; false while the official resource calls the handlers
 */
export function acceptRegistrations(
  subscriptions: Subscriptions,
  events: GameEvents,
  mayCall: () => boolean,
  log: Log,
): void {
  events.on('SonoranCAD::RegisterPushEvent', (type, handler) => {
    const owner = events.caller();
    if (owner === null || events.isFromClient()) return;
    if (typeof type !== 'string' || type === '' || typeof handler !== 'function') {
      log.error('SonoranCAD::RegisterPushEvent takes a type and a function; a registration was ignored.', {
        resource: owner,
      });
      return;
    }
    const call = handler as BodyCallback;
    subscriptions.subscribeToBody(type, (body) => (mayCall() ? call(body) : undefined), owner);
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
