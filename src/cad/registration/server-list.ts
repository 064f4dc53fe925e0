import type { CadRequest } from '../api/cad-api.ts';
import type { ServerEntry } from '../api/inputs.ts';
import type { ApiError } from '../api/results.ts';

export type ServerList = readonly ServerEntry[];

/** The CAD spells fields in any upper and lower case. @returns the field's name as this entry spells it */
export function nameOf(entry: ServerEntry, field: string): string {
  if (Object.hasOwn(entry, field)) return field;
  return Object.keys(entry).find((name) => name.toLowerCase() === field.toLowerCase()) ?? field;
}

/** @returns a field's value, with its name in any case */
export function fieldOf(entry: ServerEntry, field: string): unknown {
  const name = nameOf(entry, field);
  return Object.hasOwn(entry, name) ? entry[name] : undefined;
}

/** @returns a field's value as trimmed text; empty when there is none */
export function textOf(entry: ServerEntry, field: string): string {
  const value = fieldOf(entry, field);
  if (typeof value === 'string') return value.trim();
  // A value of an unexpected type is shown and kept: only an empty field is filled in.
  return value === undefined || value === null ? '' : (JSON.stringify(value) ?? '');
}

/** @returns the entry's id as text, whether the CAD sent a number or text */
export const idOf = (entry: ServerEntry): string => textOf(entry, 'id');

/** @returns the entries with this server's id: one when it is registered */
export function entriesOf(list: ServerList, serverId: number): ServerList {
  return list.filter((entry) => idOf(entry) === String(serverId));
}

/** Whether two lists hold the same servers, in any order and with any content. */
export function hasSameServers(one: ServerList, other: ServerList): boolean {
  const ids = (list: ServerList) => JSON.stringify(list.map(idOf).sort());
  return ids(one) === ids(other);
}

/** The CAD's list of servers, as one answer gave it. */
interface ReadList {
  readonly ok: true;
  readonly servers: ServerList;
  /** Why this may not be the whole list, or was not understood; null when it is whole and understood. */
  readonly flaw: string | null;
}

/** `error`: the CAD did not answer, or takes nothing from this server. */
export type Reading = ReadList | { readonly ok: false; readonly error: ApiError };

/** Fields that the CAD is known to send beside the list. Version 1 of its API documents `mapPort`. */
const FIELDS_BESIDE_LIST = ['mapPort'];
/** Errors that say nothing about the list itself. */
const WITHOUT_ANSWER: readonly ApiError['kind'][] = ['unreachable', 'key', 'disabled', 'stopped'];

/**
 * Reads the CAD's list of servers in one request, because the documented endpoint has no pages. Any other shape than the documented
 * one is a flaw: a list that is written back without some of its entries deletes them in the CAD.
 */
export async function readServerList(request: CadRequest, serverId: number): Promise<Reading> {
  const answer = await request('getServers', {});
  if (!answer.ok) {
    const { error } = answer;
    return WITHOUT_ANSWER.includes(error.kind) ? answer : { ok: true, servers: [], flaw: error.message };
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
