import * as v from 'valibot';
import { catalogue, findEntry, type PushEventType } from '../../push-events/catalogue/catalogue.ts';
import { recordOf, text } from '../../schemas/settings.ts';

/** To whose games an event is sent. */
export const netEventScopes = ['none', 'involved', 'onDuty', 'all'] as const;
export type NetEventScope = (typeof netEventScopes)[number];

/** What an operator says about some types; the others keep their default. */
export type NetEventSettings = Readonly<Record<string, NetEventScope>>;

const defaults: Partial<Record<PushEventType, NetEventScope>> = {
  EVENT_UNIT_UPDATE: 'involved',
  EVENT_UNIT_STATUS: 'involved',
  EVENT_UNIT_LOGIN: 'involved',
  EVENT_UNIT_LOGOUT: 'involved',
  EVENT_UNIT_PANIC: 'involved',
  EVENT_UNIT_GROUP_ADD: 'involved',
  EVENT_UNIT_GROUP_REMOVE: 'involved',
  EVENT_UNIT_GROUP_CHANGE_NAME: 'involved',
  EVENT_DISPATCH_NEW: 'involved',
  EVENT_DISPATCH_EDIT: 'involved',
  EVENT_DISPATCH_CLOSED: 'involved',
  EVENT_DISPATCH_NOTE: 'involved',
  EVENT_DISPATCH_UNIT_ATTACH: 'involved',
  EVENT_DISPATCH_UNIT_DETACH: 'involved',
  EVENT_DISPATCH_TOGGLE_BODYCAM: 'involved',
  EVENT_911: 'onDuty',
  EVENT_STREETSIGN_UPDATED: 'all',
  EVENT_STATION_ALERT: 'all',
  EVENT_NEW_CALLOUT: 'all',
  EVENT_TONE: 'involved',
};

/** config.json's `netEvents`. Types in any case; one that the catalogue does not know is refused, since it never leaves the server. */
export const netEventsSchema = recordOf(
  v.pipe(
    text,
    v.toUpperCase(),
    v.check((type) => findEntry(type) !== undefined),
  ),
  v.picklist(netEventScopes),
);

/** No event reaches any player's game. */
export const noNetEvents: NetEventSettings = Object.fromEntries(Object.keys(catalogue).map((type) => [type, 'none']));

/** @returns to whom events of a type are sent; `none` for every type that the catalogue does not know */
export function netEventScope(settings: NetEventSettings, type: string): NetEventScope {
  if (findEntry(type) === undefined) return 'none';
  if (Object.hasOwn(settings, type)) return settings[type] ?? 'none';
  return (defaults as Readonly<Record<string, NetEventScope>>)[type] ?? 'none';
}
