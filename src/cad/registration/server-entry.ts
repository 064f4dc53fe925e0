import type { ServerEntry, ServerList } from './registration-api.ts';

/** This server's entry, read. */
export interface OwnEntry {
  /** Its place in the list. */
  readonly index: number;
  readonly name: string;
  /** Without the white space around it; empty when there is none. */
  readonly host: string;
  /** Without the white space around it; empty when there is none, or it is 0. */
  readonly port: string;
  /** Whether it says that this server's requests come from another address than `host`. */
  readonly hasOtherOutgoing: boolean;
}

/** The answers of the CAD's API do not agree about upper and lower case. @returns the field's name as it stands there */
function nameOf(entry: ServerEntry, field: string): string {
  if (Object.hasOwn(entry, field)) return field;
  return Object.keys(entry).find((name) => name.toLowerCase() === field.toLowerCase()) ?? field;
}

function fieldOf(entry: ServerEntry, field: string): unknown {
  const name = nameOf(entry, field);
  return Object.hasOwn(entry, name) ? entry[name] : undefined;
}

function textOf(entry: ServerEntry, field: string): string {
  const value = fieldOf(entry, field);
  if (typeof value === 'string') return value.trim();
  // What is of a kind that nobody expects is not empty: it is not ours to fill in.
  return value === undefined || value === null ? '' : (JSON.stringify(value) ?? '');
}

/** @returns the entry with that id, as a number or as text; null when the list has none */
export function findEntry(list: ServerList, serverId: number): OwnEntry | null {
  const index = list.findIndex((entry) => textOf(entry, 'id') === String(serverId));
  const entry = list[index];
  if (entry === undefined) return null;
  const port = textOf(entry, 'listenerPort');
  return {
    index,
    name: textOf(entry, 'name'),
    host: textOf(entry, 'mapIp'),
    port: /^0*$/.test(port) ? '' : port,
    hasOtherOutgoing: fieldOf(entry, 'differingOutbound') === true,
  };
}

/** @returns the list's servers by id and name, in its order */
export function listServers(list: ServerList): { readonly id: string; readonly name: string }[] {
  return list.map((entry) => ({ id: textOf(entry, 'id'), name: textOf(entry, 'name') }));
}

/** What is written into an entry; `undefined` leaves a field as it is. */
export interface EntryChange {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
}

/** @returns the list with that entry changed, and all else as it was */
export function changeEntry(list: ServerList, index: number, { host, port }: EntryChange): ServerList {
  return list.map((entry, at) => {
    if (at !== index) return entry;
    const changed: Record<string, unknown> = { ...entry };
    const portName = nameOf(entry, 'listenerPort');
    if (host !== undefined) changed[nameOf(entry, 'mapIp')] = host;
    if (port !== undefined) changed[portName] = typeof entry[portName] === 'number' ? port : String(port);
    return changed;
  });
}

/** @returns the list with a new entry at its end */
export function addEntry(list: ServerList, serverId: number, host: string, port: number): ServerList {
  const entry = {
    id: serverId,
    name: `Server ${serverId}`,
    description: '',
    signal: '',
    mapUrl: '',
    mapIp: host,
    listenerPort: String(port),
    differingOutbound: false,
    outboundIp: '',
    enableMap: false,
    mapType: 'NORMAL',
    isStatic: false,
    liveMapFormat: 0,
  };
  return [...list, entry];
}

/** Whether a server other than this one is in the first list and not in the second. */
export function hasLostServers(before: ServerList, now: ServerList, serverId: number): boolean {
  const ids = new Set(now.map((entry) => textOf(entry, 'id'))).add(String(serverId));
  return before.some((entry) => !ids.has(textOf(entry, 'id')));
}
