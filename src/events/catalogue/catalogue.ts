import { type OutputOf, pickClientFields } from '../kinds.ts';
import * as alerts from './alerts.ts';
import * as dispatch from './dispatch-events.ts';
import * as emergencies from './emergency-events.ts';
import type { CatalogueEntry } from './entry.ts';
import * as people from './people.ts';
import * as units from './unit-events.ts';

/** Every known type of push event, in the order of the documents. A new one is declared in its group and named here. */
const entries = [
  units.unitUpdate,
  units.unitStatus,
  units.unitLogin,
  units.unitLogout,
  units.unitPanic,
  units.unitGroupAdd,
  units.unitGroupRemove,
  units.unitGroupChangeName,
  dispatch.dispatchNew,
  dispatch.dispatchEdit,
  dispatch.dispatchClosed,
  dispatch.dispatchNote,
  dispatch.dispatchUnitAttach,
  dispatch.dispatchUnitDetach,
  dispatch.dispatchToggleBodycam,
  emergencies.emergencyNew,
  emergencies.emergencyRemoved,
  alerts.streetsignUpdated,
  people.recordAdd,
  people.recordEdit,
  people.recordRemove,
  alerts.tone,
  people.charSelected,
  people.communityLinkVerified,
  people.getLogs,
  alerts.newCallout,
  people.printRecord,
  alerts.pager,
  alerts.stationAlert,
];

type Entry = (typeof entries)[number];

/** The type of a push event that the catalogue knows. */
export type PushEventType = Entry['type'];

/** The canonical `data` of a type. Unknown fields are there at run time, but have no type. */
export type PushEventData<Type extends PushEventType> = OutputOf<Extract<Entry, { readonly type: Type }>['data']>;

const byType: ReadonlyMap<string, CatalogueEntry> = new Map(
  entries.map((entry) => [entry.type, entry as CatalogueEntry]),
);

/** The entries by their types. */
export const catalogue = Object.fromEntries(byType) as Readonly<Record<PushEventType, CatalogueEntry>>;

/** @param type upper-cased. @returns what is known about it */
export const findEntry = (type: string): CatalogueEntry | undefined => byType.get(type);

/**
 * The part of an event's canonical data that players' games may see.
 *
 * @returns a fresh object, or null for a type that the catalogue does not know: nothing of it may leave the server
 */
export function toClientData(type: string, data: unknown): unknown {
  const entry = findEntry(type);
  return entry === undefined ? null : (pickClientFields(entry.data.shown, data) ?? null);
}
