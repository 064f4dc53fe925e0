import { pickClientFields } from '../client-fields.ts';
import type { OutputOf } from '../fields.ts';
import * as account from './account-events.ts';
import * as alert from './alert-events.ts';
import { newCallout } from './alert-events.ts';
import * as call from './call-events.ts';
import type { CatalogueEntry } from './entry.ts';
import * as record from './record-events.ts';
import * as unit from './unit-events.ts';

const entries = {
  EVENT_UNIT_UPDATE: unit.unitUpdate,
  EVENT_UNIT_STATUS: unit.unitStatus,
  EVENT_UNIT_LOGIN: unit.unitLogin,
  EVENT_UNIT_LOGOUT: unit.unitLogout,
  EVENT_UNIT_PANIC: unit.unitPanic,
  EVENT_UNIT_GROUP_ADD: unit.unitGroupAdd,
  EVENT_UNIT_GROUP_REMOVE: unit.unitGroupRemove,
  EVENT_UNIT_GROUP_CHANGE_NAME: unit.unitGroupChangeName,
  EVENT_DISPATCH_NEW: call.dispatchNew,
  EVENT_DISPATCH_EDIT: call.dispatchEdit,
  EVENT_DISPATCH_CLOSED: call.dispatchClosed,
  EVENT_DISPATCH_NOTE: call.dispatchNote,
  EVENT_DISPATCH_UNIT_ATTACH: call.dispatchUnitAttach,
  EVENT_DISPATCH_UNIT_DETACH: call.dispatchUnitDetach,
  EVENT_DISPATCH_TOGGLE_BODYCAM: call.dispatchToggleBodycam,
  EVENT_911: call.emergencyNew,
  EVENT_REMOVE_911: call.emergencyRemoved,
  EVENT_STREETSIGN_UPDATED: alert.streetsignUpdated,
  EVENT_RECORD_ADD: record.recordAdd,
  EVENT_RECORD_EDIT: record.recordEdit,
  EVENT_RECORD_REMOVE: record.recordRemove,
  EVENT_TONE: alert.tone,
  EVENT_CHAR_SELECTED: account.charSelected,
  EVENT_COMMUNITY_LINK_VERIFIED: account.communityLinkVerified,
  GET_LOGS: account.getLogs,
  EVENT_NEW_CALLOUT: newCallout,
  EVENT_PRINT_RECORD: record.printRecord,
  EVENT_PAGER_REBORN: alert.pager,
  EVENT_STATION_ALERT: alert.stationAlert,
};

/** The type of a push event that the catalogue knows. */
export type PushEventType = keyof typeof entries;

/** The canonical `data` of a type. Unknown fields are there at run time, but have no type. */
export type PushEventData<Type extends PushEventType> = OutputOf<(typeof entries)[Type]['data']>;

/** Every known type of push event. */
export const catalogue: Readonly<Record<PushEventType, CatalogueEntry>> = entries;

const byType: ReadonlyMap<string, CatalogueEntry> = new Map(Object.entries(catalogue));

/**
 * What is known about a type.
 *
 * @param type as it comes out of the envelope: upper-cased
 */
export function findEntry(type: string): CatalogueEntry | undefined {
  return byType.get(type);
}

/**
 * The part of an event's canonical data that players' games may see.
 *
 * @returns a fresh object, or null for a type that the catalogue does not know: nothing of it may leave the server
 */
export function toClientData(type: string, data: unknown): unknown {
  const entry = findEntry(type);
  return entry === undefined ? null : (pickClientFields(entry.data.shown, data) ?? null);
}
