import * as v from 'valibot';
import { dispatchCall } from '../push-events/catalogue/calls.ts';
import { unit } from '../push-events/catalogue/units.ts';
import type { KnownPushEvent } from '../push-events/push-event.ts';
import { callChanges, callRecord } from './call-changes.ts';
import { eventsAfter, eventsBefore, type LegacyEvent } from './legacy-events.ts';
import type { Tables } from './outcome.ts';
import type { CallEntry, Change, UnitRecord } from './records.ts';
import { unitChanges } from './unit-changes.ts';

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
