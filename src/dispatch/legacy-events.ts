import type { PushEventData, PushEventType } from '../push-events/catalogue/catalogue.ts';
import type { ReceivedEvent } from '../push-events/receive-event.ts';

/** A server-local event of the official resource: its name and its arguments. */
export type LegacyEvent = readonly [name: string, ...args: unknown[]];

type LegacyEvents = { readonly [Type in PushEventType]?: (data: PushEventData<Type>) => LegacyEvent[] };

const PREFIX = 'SonoranCAD::pushevents:';

/**
 * What the official resource triggers for each type, in its order of arguments. Types without an entry reach `OtherEvent`.
 */
const eventsOf: LegacyEvents = {
  EVENT_UNIT_UPDATE: ({ units }) => units.map((unit) => ['UnitUpdate', unit, unit.status]),
  EVENT_UNIT_STATUS: ({ units = [] }) => units.map((unit) => ['UnitUpdate', unit, unit.status]),
  EVENT_UNIT_LOGIN: ({ unit }) => [['UnitLogin', unit]],
  EVENT_UNIT_LOGOUT: ({ identId }) => [['UnitLogout', identId]],
  EVENT_UNIT_PANIC: () => [],
  EVENT_UNIT_GROUP_ADD: ({ groupName, identIds }) => [['UnitGroupAdd', { groupName, idents: identIds }]],
  EVENT_UNIT_GROUP_REMOVE: (data) => [['UnitGroupRemove', data]],
  EVENT_UNIT_GROUP_CHANGE_NAME: (data) => [['UnitGroupRename', data]],
  EVENT_DISPATCH_NEW: ({ dispatch }) => [['DispatchEvent', { dispatch_type: 'CALL_NEW', dispatch }]],
  EVENT_DISPATCH_EDIT: ({ dispatch }) => [['DispatchEvent', { dispatch_type: 'CALL_EDIT', dispatch }]],
  EVENT_DISPATCH_CLOSED: () => [],
  EVENT_DISPATCH_NOTE: () => [],
  EVENT_DISPATCH_UNIT_ATTACH: () => [],
  EVENT_DISPATCH_UNIT_DETACH: () => [],
  EVENT_911: ({ call, identities }) => [['IncomingCadCall', call, call.metaData, identities]],
  EVENT_REMOVE_911: ({ callIds }) => callIds.map((callId) => ['CadCallRemoved', callId]),
  EVENT_STREETSIGN_UPDATED: ({ signData }) => [['SmartSignUpdate', signData]],
  EVENT_RECORD_ADD: ({ record }) => [['RecordAdded', record]],
  EVENT_RECORD_EDIT: ({ record }) => [['RecordEdited', record]],
  EVENT_RECORD_REMOVE: ({ record }) => [['RecordRemoved', record]],
  EVENT_TONE: (data) => [['Tone', data]],
  EVENT_CHAR_SELECTED: (data) => [['CharacterSelected', data]],
  EVENT_COMMUNITY_LINK_VERIFIED: (data) => [['CommunityLinkVerified', data]],
  GET_LOGS: ({ logKey }) => [['SendSupportLogs', logKey]],
};

/**
 * @returns the official resource's events for one push event, with their whole names, in order. What it has no event for, and
 *   what was not understood, is an `OtherEvent` with its data as received.
 */
export function legacyEvents({ event, body }: ReceivedEvent): LegacyEvent[] {
  const known = event.valid
    ? (eventsOf as Readonly<Record<string, ((data: unknown) => LegacyEvent[]) | undefined>>)[event.type]
    : undefined;
  const events = known === undefined ? [['OtherEvent', event.type, body.data ?? null] as const] : known(event.data);
  return events.map(([name, ...args]) => [PREFIX + name, ...args]);
}
