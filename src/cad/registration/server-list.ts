import type { CadRequest } from '../api/cad-api.ts';
import type { ServerEntry } from '../api/inputs.ts';
import type { ApiError } from '../api/results.ts';

export type ServerList = readonly ServerEntry[];

/** Finds a field's name in an entry, case-insensitively, because the CAD varies the casing. */
export function nameOf(entry: ServerEntry, field: string): string {
  if (Object.hasOwn(entry, field)) return field;
  return Object.keys(entry).find((name) => name.toLowerCase() === field.toLowerCase()) ?? field;
}

/** @returns the value of a field, whose name is matched case-insensitively */
export function fieldOf(entry: ServerEntry, field: string): unknown {
  const name = nameOf(entry, field);
  return Object.hasOwn(entry, name) ? entry[name] : undefined;
}

/** @returns the value of a field as trimmed text; empty when the field is missing */
export function textOf(entry: ServerEntry, field: string): string {
  const value = fieldOf(entry, field);
  if (typeof value === 'string') return value.trim();
  // A value of an unexpected type counts as filled in, so that registration does not overwrite it.
  return value === undefined || value === null ? '' : (JSON.stringify(value) ?? '');
}

/** @returns the id of an entry as text; the CAD sends a number or text */
export const idOf = (entry: ServerEntry): string => textOf(entry, 'id');

/** @returns the entries with a server's id: one for a registered server */
export function entriesOf(list: ServerList, serverId: number): ServerList {
  return list.filter((entry) => idOf(entry) === String(serverId));
}

/** Whether two lists contain the same ids, regardless of their order and of other fields. */
export function hasSameServers(one: ServerList, other: ServerList): boolean {
  const ids = (list: ServerList) => JSON.stringify(list.map(idOf).sort());
  return ids(one) === ids(other);
}

/** One answer with the CAD's list of servers. `error`: the CAD did not answer, or refused the key. */
type ListAnswer =
  | {
      readonly ok: true;
      readonly servers: ServerList;
      /** Why the list may be incomplete or is not understood; null for a complete list. */
      readonly flaw: string | null;
    }
  | { readonly ok: false; readonly error: ApiError };

/** Known fields beside the list. Version 1 of the CAD's API documents `mapPort`. */
const FIELDS_BESIDE_LIST = ['mapPort'];
/** Kinds of errors that are not about the list itself. */
const CONNECTION_ERRORS: readonly ApiError['kind'][] = ['unreachable', 'key', 'disabled', 'stopped'];

/**
 * Reads the CAD's list of servers in one request, because the documented endpoint has no pages. Every difference from
 * the documented shape is a flaw: writing back an incomplete list would delete the missing entries in the CAD.
 */
export async function readServerList(request: CadRequest, serverId: number): Promise<ListAnswer> {
  const answer = await request('getServers', {});
  if (!answer.ok) {
    const { error } = answer;
    return CONNECTION_ERRORS.includes(error.kind) ? answer : { ok: true, servers: [], flaw: error.message };
  }
  const { servers, ...beside } = answer.data;
  return { ok: true, servers, flaw: flawOf(servers, Object.keys(beside), serverId) };
}

function flawOf(servers: ServerList, beside: readonly string[], serverId: number): string | null {
  const unknown = beside.filter((name) => !FIELDS_BESIDE_LIST.includes(name));
  if (unknown.length > 0) return `the answer has unknown fields beside the list: ${unknown.join(', ')}`;
  if (servers.some((entry) => !/^\d+$/.test(idOf(entry)))) return 'an entry has no number as its id';
  const own = entriesOf(servers, serverId).length;
  return own > 1 ? `${own} entries have the id ${serverId}` : null;
}
