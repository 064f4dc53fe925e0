import * as v from 'valibot';
import { dispatchCall } from '../../events/catalogue/calls.ts';
import type { PushEventData, PushEventType } from '../../events/catalogue/catalogue.ts';
import { unit } from '../../events/catalogue/units.ts';
import type { KnownPushEvent } from '../../events/push-event.ts';
import { type CallTable, callChanges, callRecord, emergencyChanges } from './calls.ts';
import type {
  Applied,
  CallEntry,
  CallRecord,
  Change,
  EmergencyCall,
  RecordStore,
  Unit,
  UnitRecord,
} from './records.ts';
import { type AppliedToUnit, type Pairing, type UnitTable, unitChanges } from './units.ts';

export interface Tables {
  readonly units: UnitTable;
  readonly calls: CallTable;
  readonly emergencies: RecordStore<'waiting', EmergencyCall>;
}

/** What an event has changed. */
export interface Outcome {
  readonly units: readonly AppliedToUnit[];
  readonly calls: readonly Applied<CallRecord>[];
}

/** Applies an event to all tables. @param now milliseconds, monotonic */
export function applyEvent(event: KnownPushEvent, { units, calls, emergencies }: Tables, now: number): Outcome {
  const outcome = {
    units: unitChanges(event, now).map((change) => units.apply(change, now)),
    calls: callChanges(event).map((change) => calls.apply(change, now)),
  };
  for (const change of emergencyChanges(event)) emergencies.apply(change, now);
  return outcome;
}

/** A server-local event of the official resource: its name and its arguments. */
export type LegacyEvent = readonly [name: string, ...args: unknown[]];

type Before = { readonly [Type in PushEventType]?: (data: PushEventData<Type>, tables: Tables) => LegacyEvent[] };
type After = {
  readonly [Type in PushEventType]?: (data: PushEventData<Type>, outcome: Outcome, tables: Tables) => LegacyEvent[];
};

const event = (name: string, ...args: unknown[]): LegacyEvent => [`SonoranCAD::pushevents:${name}`, ...args];

/** Events whose handlers still find the old state, in their order of arguments. */
const before: Before = {
  EVENT_UNIT_LOGOUT: ({ identId }) => [event('UnitLogout', identId)],
  EVENT_DISPATCH_EDIT: (data, { calls }) => [event('DispatchEdit', calls.get(data.dispatch.callId) ?? null, data)],
  EVENT_DISPATCH_NOTE: (data, { calls }) => [event('DispatchNote', calls.get(data.callId) ?? null, data)],
  EVENT_DISPATCH_UNIT_ATTACH: ({ callId, idents }, tables) =>
    withEachUnit('UnitAttach', tables.calls.get(callId), idents, tables),
  EVENT_DISPATCH_UNIT_DETACH: ({ callId, idents }, tables) =>
    withEachUnit('UnitDetach', tables.calls.get(callId), idents, tables),
};

/** Events whose handlers find the new state. Types in neither list reach `OtherEvent`. */
const after: After = {
  EVENT_UNIT_UPDATE: (_data, outcome) =>
    outcome.units.flatMap(({ before: old, after: now }) => {
      if (!now?.known) return [];
      const { unit } = now;
      const update = event('UnitUpdate', unit, unit.status);
      const hasNewStatus = old?.known && old.unit.status !== unit.status;
      return hasNewStatus ? [update, event('UnitStatusUpdate', unit, unit.status)] : [update];
    }),
  EVENT_UNIT_STATUS: (_data, outcome) =>
    knownUnits(outcome).flatMap((unit) => [
      event('UnitUpdate', unit, unit.status),
      event('UnitStatusUpdate', unit, unit.status),
    ]),
  EVENT_UNIT_LOGIN: ({ unit }) => [event('UnitLogin', unit)],
  EVENT_UNIT_PANIC: ({ isPanic }, outcome) =>
    knownUnits(outcome).map((unit) => event('UnitPanic', unit, unit.id, isPanic)),
  EVENT_UNIT_GROUP_ADD: ({ groupName, identIds }) => [event('UnitGroupAdd', { groupName, idents: identIds })],
  EVENT_UNIT_GROUP_REMOVE: (data) => [event('UnitGroupRemove', data)],
  EVENT_UNIT_GROUP_CHANGE_NAME: (data) => [event('UnitGroupRename', data)],
  EVENT_DISPATCH_NEW: (_data, outcome, tables) => {
    const events = changedCalls(outcome);
    for (const entry of knownEntries(outcome)) {
      events.push(...withEachUnit('UnitAttach', entry, entry.dispatch.idents, tables));
    }
    return events;
  },
  EVENT_DISPATCH_EDIT: (_data, outcome) => changedCalls(outcome),
  EVENT_DISPATCH_CLOSED: (_data, outcome) => changedCalls(outcome),
  EVENT_DISPATCH_NOTE: (_data, outcome) => cacheUpdated(outcome),
  EVENT_DISPATCH_UNIT_ATTACH: (_data, outcome) => cacheUpdated(outcome),
  EVENT_DISPATCH_UNIT_DETACH: (_data, outcome) => cacheUpdated(outcome),
  EVENT_911: ({ call, identities }) => [
    event('EmergencyCacheUpdated'),
    event('IncomingCadCall', call, call.metaData, identities),
  ],
  EVENT_REMOVE_911: ({ callIds }) =>
    callIds.flatMap((callId) => [event('EmergencyCacheUpdated'), event('CadCallRemoved', callId)]),
  EVENT_STREETSIGN_UPDATED: ({ signData }) => [event('SmartSignUpdate', signData)],
  EVENT_RECORD_ADD: ({ record }) => [event('RecordAdded', record)],
  EVENT_RECORD_EDIT: ({ record }) => [event('RecordEdited', record)],
  EVENT_RECORD_REMOVE: ({ record }) => [event('RecordRemoved', record)],
  EVENT_TONE: (data) => [event('Tone', data)],
  EVENT_CHAR_SELECTED: (data) => [event('CharacterSelected', data)],
  EVENT_COMMUNITY_LINK_VERIFIED: (data) => [event('CommunityLinkVerified', data)],
  GET_LOGS: ({ logKey }) => [event('SendSupportLogs', logKey)],
};

type Untyped<Rest extends unknown[]> = Readonly<
  Record<string, ((data: unknown, ...rest: Rest) => LegacyEvent[]) | undefined>
>;

/** @returns the events to trigger before an understood event changes the state */
export function eventsBefore(type: PushEventType, data: unknown, tables: Tables): LegacyEvent[] {
  return (before as Untyped<[Tables]>)[type]?.(data, tables) ?? [];
}

/** @returns the events to trigger once an understood event has changed the state; null when its type has none at all */
export function eventsAfter(
  type: PushEventType,
  data: unknown,
  outcome: Outcome,
  tables: Tables,
): LegacyEvent[] | null {
  const ofType = (after as Untyped<[Outcome, Tables]>)[type];
  if (ofType === undefined) return Object.hasOwn(before, type) ? [] : null;
  return ofType(data, outcome, tables);
}

/** @param data as received */
export const otherEvent = (type: string, data: unknown): LegacyEvent => event('OtherEvent', type, data ?? null);

/** @returns the events that say no more than that a cache holds something else now */
export const cachesUpdated = (calls: boolean, emergencies: boolean): LegacyEvent[] => [
  ...(calls ? [event('CallCacheUpdated')] : []),
  ...(emergencies ? [event('EmergencyCacheUpdated')] : []),
];

/** Player ids are text, as FXServer's Lua has them. */
export const playerAdded = ({ source, unit }: Pairing): LegacyEvent => [
  'SonoranCAD::core:AddPlayer',
  String(source),
  unit,
];
export const playerRemoved = ({ source, unit }: Pairing): LegacyEvent => [
  'SonoranCAD::core:RemovePlayer',
  String(source),
  unit,
];

function withEachUnit(
  name: string,
  entry: CallEntry | undefined,
  idents: readonly number[],
  { units }: Tables,
): LegacyEvent[] {
  if (entry === undefined) return [];
  const events: LegacyEvent[] = [];
  for (const ident of idents) {
    const unit = units.get(ident);
    if (unit !== undefined) events.push(event(name, entry, unit));
  }
  return events;
}

function knownUnits({ units }: Outcome): Unit[] {
  return units.flatMap(({ after: now }) => (now?.known ? [now.unit] : []));
}

function knownEntries({ calls }: Outcome): CallEntry[] {
  const entries: CallEntry[] = [];
  for (const { after: now } of calls) if (now?.known) entries.push(now.entry);
  return entries;
}

function cacheUpdated(outcome: Outcome): LegacyEvent[] {
  return knownEntries(outcome).map(() => event('CallCacheUpdated'));
}

function changedCalls(outcome: Outcome): LegacyEvent[] {
  const events: LegacyEvent[] = [];
  for (const entry of knownEntries(outcome)) events.push(event('CallCacheUpdated'), event('DispatchEvent', entry));
  return events;
}

/**
 * The official resource's events that an event would trigger, for one that must not change anything: units and calls that are not
 * known are made up with nothing but their number.
 *
 * @param other what is triggered for a type that has no event of its own
 * @param now milliseconds, monotonic
 */
export function imaginedEvents(event: KnownPushEvent, other: LegacyEvent, tables: Tables, now: number): LegacyEvent[] {
  const getUnit = (id: number) => tables.units.get(id) ?? v.parse(unit.read, { id });
  const getCall = (callId: number): CallEntry =>
    tables.calls.get(callId) ?? {
      dispatch_type: 'CALL_NEW',
      dispatch: v.parse(dispatchCall.read, { callId, status: 1 }),
    };
  const imagined = {
    ...tables,
    units: { ...tables.units, get: getUnit },
    calls: { ...tables.calls, get: getCall },
  };
  const unitRecord = (id: number): UnitRecord => ({ known: true, unit: getUnit(id), since: now });
  const outcome = {
    units: unitChanges(event, now).map((change) => ({ ...applied(change, unitRecord), joined: [], left: [] })),
    calls: callChanges(event).map((change) => applied(change, (id) => callRecord(getCall(id)))),
  };
  const before = eventsBefore(event.type, event.data, imagined);
  return [...before, ...(eventsAfter(event.type, event.data, outcome, imagined) ?? [other])];
}

function applied<Record>({ id, next }: Change<Record>, recordOf: (id: number) => Record) {
  const before = recordOf(id);
  return { id, before, after: next(before) };
}
