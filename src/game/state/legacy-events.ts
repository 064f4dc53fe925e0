import * as v from 'valibot';
import { dispatchCall } from '../../events/catalogue/calls.ts';
import type { PushEventData, PushEventType } from '../../events/catalogue/catalogue.ts';
import { type Unit, unit } from '../../events/catalogue/units.ts';
import type { KnownPushEvent } from '../../events/push-event.ts';
import { type CallEntry, callChanges, callRecord } from './calls.ts';
import { type Change, changed } from './records.ts';
import type { AppliedEvent } from './tables.ts';
import { type Pairing, type UnitRecord, unitChanges } from './units.ts';

/** A server-local event of the official resource: its name and its arguments. */
export type LegacyEvent = readonly [name: string, ...args: unknown[]];

/** Where the units and calls among the arguments come from. */
export interface KnownRecords {
  unit(ident: number): Unit | undefined;
  call(callId: number): CallEntry | undefined;
}

/** The official resource's events for one type of push event, in their order of arguments. */
interface LegacyEventsOf<Type extends PushEventType> {
  /** Their handlers still find the old state. */
  before?(data: PushEventData<Type>, known: KnownRecords): LegacyEvent[];
  /** Their handlers find the new state. */
  after?(data: PushEventData<Type>, applied: AppliedEvent, known: KnownRecords): LegacyEvent[];
}

const event = (name: string, ...args: unknown[]): LegacyEvent => [`SonoranCAD::pushevents:${name}`, ...args];

/** Types that are not in it reach `OtherEvent`. */
const legacyEvents: { readonly [Type in PushEventType]?: LegacyEventsOf<Type> } = {
  EVENT_UNIT_UPDATE: {
    after: (_data, { units }) =>
      units.flatMap(({ before: old, after: now }) => {
        if (!now?.known) return [];
        const { unit } = now;
        const update = event('UnitUpdate', unit, unit.status);
        const hasNewStatus = old?.known && old.unit.status !== unit.status;
        return hasNewStatus ? [update, event('UnitStatusUpdate', unit, unit.status)] : [update];
      }),
  },
  EVENT_UNIT_STATUS: {
    after: (_data, applied) =>
      knownUnits(applied).flatMap((unit) => [
        event('UnitUpdate', unit, unit.status),
        event('UnitStatusUpdate', unit, unit.status),
      ]),
  },
  EVENT_UNIT_LOGIN: { after: ({ unit }) => [event('UnitLogin', unit)] },
  EVENT_UNIT_LOGOUT: { before: ({ identId }) => [event('UnitLogout', identId)] },
  EVENT_UNIT_PANIC: {
    after: ({ isPanic }, applied) => knownUnits(applied).map((unit) => event('UnitPanic', unit, unit.id, isPanic)),
  },
  EVENT_UNIT_GROUP_ADD: {
    after: ({ groupName, identIds }) => [event('UnitGroupAdd', { groupName, idents: identIds })],
  },
  EVENT_UNIT_GROUP_REMOVE: { after: (data) => [event('UnitGroupRemove', data)] },
  EVENT_UNIT_GROUP_CHANGE_NAME: { after: (data) => [event('UnitGroupRename', data)] },
  EVENT_DISPATCH_NEW: {
    after: (_data, applied, known) => [
      ...changedCalls(applied),
      ...knownEntries(applied).flatMap((entry) => withEachUnit('UnitAttach', entry, entry.dispatch.idents, known)),
    ],
  },
  EVENT_DISPATCH_EDIT: {
    before: (data, known) => [event('DispatchEdit', known.call(data.dispatch.callId) ?? null, data)],
    after: (_data, applied) => changedCalls(applied),
  },
  EVENT_DISPATCH_CLOSED: { after: (_data, applied) => changedCalls(applied) },
  EVENT_DISPATCH_NOTE: {
    before: (data, known) => [event('DispatchNote', known.call(data.callId) ?? null, data)],
    after: (_data, { calls }) => callsUpdated('EVENT_DISPATCH_NOTE', calls),
  },
  EVENT_DISPATCH_UNIT_ATTACH: {
    before: ({ callId, idents }, known) => withEachUnit('UnitAttach', known.call(callId), idents, known),
    after: (_data, { calls }) => callsUpdated('EVENT_DISPATCH_UNIT_ATTACH', calls),
  },
  EVENT_DISPATCH_UNIT_DETACH: {
    before: ({ callId, idents }, known) => withEachUnit('UnitDetach', known.call(callId), idents, known),
    after: (_data, { calls }) => callsUpdated('EVENT_DISPATCH_UNIT_DETACH', calls),
  },
  EVENT_911: {
    after: ({ call, identities }) => [
      event('EmergencyCacheUpdated'),
      event('IncomingCadCall', call, call.metaData ?? null, identities),
    ],
  },
  EVENT_REMOVE_911: {
    after: ({ callIds }) =>
      callIds.flatMap((callId) => [event('EmergencyCacheUpdated'), event('CadCallRemoved', callId)]),
  },
  EVENT_STREETSIGN_UPDATED: { after: ({ signData }) => [event('SmartSignUpdate', signData)] },
  EVENT_RECORD_ADD: { after: ({ record }) => [event('RecordAdded', record)] },
  EVENT_RECORD_EDIT: { after: ({ record }) => [event('RecordEdited', record)] },
  EVENT_RECORD_REMOVE: { after: ({ record }) => [event('RecordRemoved', record)] },
  EVENT_TONE: { after: (data) => [event('Tone', data)] },
  EVENT_CHAR_SELECTED: { after: (data) => [event('CharacterSelected', data)] },
  EVENT_COMMUNITY_LINK_VERIFIED: { after: (data) => [event('CommunityLinkVerified', data)] },
  GET_LOGS: { after: ({ logKey }) => [event('SendSupportLogs', logKey)] },
};

/** The row of a type, for data that is known to be of that type. */
const rowOf = (type: PushEventType) => legacyEvents[type] as LegacyEventsOf<never> | undefined;

/** @returns the events to trigger before an event changes the state */
export function eventsBefore({ type, data }: KnownPushEvent, known: KnownRecords): LegacyEvent[] {
  return rowOf(type)?.before?.(data as never, known) ?? [];
}

/**
 * @param received the event's data as received, for a type that has no event of its own
 * @returns the events to trigger once an event has changed the state
 */
export function eventsAfter(
  { type, data }: KnownPushEvent,
  received: unknown,
  applied: AppliedEvent,
  known: KnownRecords,
): LegacyEvent[] {
  const row = rowOf(type);
  if (row === undefined) return [otherEvent(type, received)];
  return row.after?.(data as never, applied, known) ?? [];
}

/** @param data as received */
export const otherEvent = (type: string, data: unknown): LegacyEvent => event('OtherEvent', type, data ?? null);

/** @returns the events that say no more than that a cache holds something else now */
export const cachesUpdated = (calls: boolean, emergencies: boolean): LegacyEvent[] => [
  ...(calls ? [event('CallCacheUpdated')] : []),
  ...(emergencies ? [event('EmergencyCacheUpdated')] : []),
];

/** @returns the event that the cache of calls holds something else: one for each call, or for each unit that came or went */
export function callsUpdated(type: PushEventType, calls: AppliedEvent['calls']): LegacyEvent[] {
  const isOfUnits = type === 'EVENT_DISPATCH_UNIT_ATTACH' || type === 'EVENT_DISPATCH_UNIT_DETACH';
  return calls.flatMap(({ before, after }) => {
    if (before === after || !after?.known) return [];
    const count = isOfUnits && before?.known ? unitsMoved(before.entry, after.entry) : 1;
    return Array.from({ length: count }, () => event('CallCacheUpdated'));
  });
}

function unitsMoved({ dispatch: before }: CallEntry, { dispatch: after }: CallEntry): number {
  const missing = (idents: readonly number[], from: readonly number[]) =>
    idents.filter((id) => !from.includes(id)).length;
  return missing(before.idents, after.idents) + missing(after.idents, before.idents);
}

/** Triggered for each player who became a unit. Player ids are text, as FXServer's Lua has them. */
export const PLAYER_ADDED = 'SonoranCAD::core:AddPlayer';
/** Triggered for each player who no longer is one. */
export const PLAYER_REMOVED = 'SonoranCAD::core:RemovePlayer';

export const playerAdded = ({ source, unit }: Pairing): LegacyEvent => [PLAYER_ADDED, String(source), unit];
export const playerRemoved = ({ source, unit }: Pairing): LegacyEvent => [PLAYER_REMOVED, String(source), unit];

function withEachUnit(
  name: string,
  entry: CallEntry | undefined,
  idents: readonly number[],
  known: KnownRecords,
): LegacyEvent[] {
  if (entry === undefined) return [];
  const units = idents.map(known.unit).filter((unit) => unit !== undefined);
  return units.map((unit) => event(name, entry, unit));
}

function knownUnits({ units }: AppliedEvent): Unit[] {
  return units.flatMap(({ after: now }) => (now?.known ? [now.unit] : []));
}

function knownEntries({ calls }: AppliedEvent): CallEntry[] {
  return calls.flatMap(({ after: now }) => (now?.known ? [now.entry] : []));
}

function changedCalls({ calls }: AppliedEvent): LegacyEvent[] {
  return calls.flatMap(({ before, after: now }) => {
    if (!now?.known) return [];
    const dispatched = event('DispatchEvent', now.entry);
    return before === now ? [dispatched] : [event('CallCacheUpdated'), dispatched];
  });
}

/**
 * The official resource's events that an event would trigger, for a dry run: units and calls that are not known are made up with
 * nothing but their number.
 *
 * @param received the event's data as received, for a type that has no event of its own
 * @param now milliseconds, monotonic
 */
export function dryRunEvents(
  event: KnownPushEvent,
  received: unknown,
  known: KnownRecords,
  now: number,
): LegacyEvent[] {
  const madeUp = {
    unit: (id: number) => known.unit(id) ?? v.parse(unit.read, { id }),
    call: (callId: number): CallEntry =>
      known.call(callId) ?? { dispatch_type: 'CALL_NEW', dispatch: v.parse(dispatchCall.read, { callId, status: 1 }) },
  };
  const unitRecord = (id: number): UnitRecord => ({ known: true, unit: madeUp.unit(id), since: now });
  const applied = {
    units: unitChanges(event, now).map((change) => ({ ...dryApplied(change, unitRecord), joined: [], left: [] })),
    calls: callChanges(event).map((change) => dryApplied(change, (id) => callRecord(madeUp.call(id)))),
    emergencies: [],
  };
  return [...eventsBefore(event, madeUp), ...eventsAfter(event, received, applied, madeUp)];
}

function dryApplied<Record>(change: Change<Record>, recordOf: (id: number) => Record) {
  const before = recordOf(change.id);
  return { id: change.id, before, after: changed(change, before) };
}
