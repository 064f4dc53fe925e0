import * as v from 'valibot';
import { dispatchCall } from '../../events/catalogue/calls.ts';
import { findEntry, type PushEventType } from '../../events/catalogue/catalogue.ts';
import {
  type ChangedRecords,
  cacheUpdates,
  type KnownRecords,
  type LegacyEvent,
  legacyEvent,
} from '../../events/catalogue/legacy-events.ts';
import { type Unit, unit } from '../../events/catalogue/units.ts';
import type { KnownPushEvent } from '../../events/push-event.ts';
import { type CallEntry, callChanges, callRecord } from './calls.ts';
import { type Change, changed } from './records.ts';
import type { AppliedEvent } from './tables.ts';
import { type Pairing, type UnitRecord, unitChanges } from './units.ts';

/** Where the units and calls among the arguments come from. */
export interface StateRecords extends KnownRecords {
  unit(ident: number): Unit | undefined;
  call(callId: number): CallEntry | undefined;
}

/** @returns the events to trigger before an event changes the state */
export function eventsBefore({ type, data }: KnownPushEvent, known: KnownRecords): LegacyEvent[] {
  return findEntry(type)?.legacyEvents?.before?.(data, known) ?? [];
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
  const legacyEvents = findEntry(type)?.legacyEvents;
  if (legacyEvents === undefined) return [otherEvent(type, received)];
  return legacyEvents.after?.(data, changedRecords(type, applied), known) ?? [];
}

function changedRecords(type: PushEventType, { units, calls }: AppliedEvent): ChangedRecords {
  return {
    units: units.flatMap(({ before, after }) => {
      if (!after?.known) return [];
      return [{ unit: after.unit, hasNewStatus: before?.known === true && before.unit.status !== after.unit.status }];
    }),
    calls: changedCalls(type, calls),
  };
}

/** @param data as received */
export const otherEvent = (type: string, data: unknown): LegacyEvent => legacyEvent('OtherEvent', type, data ?? null);

/** @returns the events that say no more than that a cache holds something else now */
export const cachesUpdated = (calls: boolean, emergencies: boolean): LegacyEvent[] => [
  ...(calls ? [legacyEvent('CallCacheUpdated')] : []),
  ...(emergencies ? [legacyEvent('EmergencyCacheUpdated')] : []),
];

/** @returns the events that the cache of calls holds something else, for calls that an event of this type has changed */
export const callsUpdated = (type: PushEventType, calls: AppliedEvent['calls']): LegacyEvent[] =>
  cacheUpdates({ calls: changedCalls(type, calls) });

/** The cache is told of once for each call that changed, or for each unit that came or went. */
function changedCalls(type: PushEventType, calls: AppliedEvent['calls']): ChangedRecords['calls'] {
  const isOfUnits = type === 'EVENT_DISPATCH_UNIT_ATTACH' || type === 'EVENT_DISPATCH_UNIT_DETACH';
  return calls.flatMap(({ before, after }) => {
    if (!after?.known) return [];
    const { entry } = after;
    if (before === after) return [{ entry, updates: 0 }];
    return [{ entry, updates: isOfUnits && before?.known ? unitsMoved(before.entry, entry) : 1 }];
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
  known: StateRecords,
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
