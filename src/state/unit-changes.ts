import * as v from 'valibot';
import { identitiesOfUnit, unit as unitSchema } from '../push-events/catalogue/units.ts';
import type { KnownPushEvent } from '../push-events/push-event.ts';
import type { Change, Unit, UnitChange, UnitRecord } from './records.ts';
import { SHOWN_UNSEEN_MS } from './unit-table.ts';

type UnitReducer = Change<UnitRecord>['next'];

/**
 * @param now milliseconds, monotonic
 * @returns what an event does to units, in its order. Pure: records are replaced, never changed
 */
export function unitChanges(event: KnownPushEvent, now: number): Change<UnitRecord>[] {
  const each = (idents: readonly number[], next: (id: number) => UnitReducer) =>
    [...new Set(idents)].map((id) => ({ id, next: next(id) }));
  switch (event.type) {
    case 'EVENT_UNIT_UPDATE':
      return event.data.units.map((unit) => ({ id: unit.id, next: updatedWith(unit, now) }));
    case 'EVENT_UNIT_STATUS': {
      const { identIds, status, units = [] } = event.data;
      const whole = new Map(units.map((unit) => [unit.id, { ...unit, status: unit.status ?? status }]));
      return each(identIds, (id) => updatedWith(whole.get(id) ?? { id, status, data: { apiIds: [] } }, now));
    }
    case 'EVENT_UNIT_LOGIN': {
      const { unit } = event.data;
      return [{ id: unit.id, next: () => ({ known: true, unit, since: now }) }];
    }
    case 'EVENT_UNIT_LOGOUT':
      return [{ id: event.data.identId, next: () => undefined }];
    case 'EVENT_UNIT_PANIC': {
      const { identIds, isPanic } = event.data;
      return each(identIds, (id) => updatedWith({ id, isPanic, data: { apiIds: [] } }, now));
    }
    case 'EVENT_UNIT_GROUP_ADD':
      return each(event.data.identIds, (id) => inGroup(id, event.data.groupName, now));
    case 'EVENT_UNIT_GROUP_CHANGE_NAME':
      return each(event.data.identIds, (id) => inGroup(id, event.data.newName, now));
    case 'EVENT_UNIT_GROUP_REMOVE': {
      const { identIds, groupName } = event.data;
      // A unit that is in another group by now has left this one long ago.
      return each(identIds, (id) => (before) => {
        const group = before?.unit.data.group;
        return group === groupName || groupName === '' ? inGroup(id, '', now)(before) : before;
      });
    }
    default:
      return [];
  }
}

function inGroup(id: number, group: string, now: number): UnitReducer {
  return updatedWith({ id, data: { apiIds: [], group } }, now);
}

function updatedWith(change: UnitChange, now: number): UnitReducer {
  return (before) => {
    if (before?.known) return { ...before, unit: merge(before.unit, change) };
    const unit = before === undefined ? change : merge(before.unit, change);
    return introduces(change)
      ? { known: true, unit: v.parse(unitSchema.read, unit), since: now }
      : { known: false, unit };
  };
}

/** Field by field, since an update leaves out what has not changed. */
function merge<Known extends Unit | UnitChange>(before: Known, change: UnitChange): Known {
  const data = { ...before.data, ...said(change.data) };
  if (change.data.apiIds.length === 0) data.apiIds = before.data.apiIds;
  return { ...before, ...said(change), data };
}

function said<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>;
}

/**
 * @param now milliseconds, monotonic
 * @returns what the CAD's list of units does to one of them: it signed in before, nobody knows when
 */
export function reportedUnit(unit: UnitChange, now: number): Change<UnitRecord> {
  return { id: unit.id, next: updatedWith(unit, now - SHOWN_UNSEEN_MS) };
}

/** Whether it says who the unit is, rather than only what has changed about it. */
function introduces({ accId, data, ...rest }: UnitChange): boolean {
  const { unitNum, name } = data;
  return Boolean(accId || unitNum || name) || identitiesOfUnit({ ...rest, data }).length > 0;
}
