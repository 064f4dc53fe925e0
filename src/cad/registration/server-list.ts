import { isIP } from 'node:net';
import type { HostLookup } from '../../lib/host-lookup.ts';
import type { CadRequest } from '../api/cad-api.ts';
import type { ServerEntry } from '../api/inputs.ts';
import type { ApiError } from '../api/results.ts';
import type { CadSettings } from '../settings.ts';

export type ServerList = readonly ServerEntry[];

/** The answers of the CAD's API do not agree about upper and lower case. @returns the field's name as it stands there */
export function nameOf(entry: ServerEntry, field: string): string {
  if (Object.hasOwn(entry, field)) return field;
  return Object.keys(entry).find((name) => name.toLowerCase() === field.toLowerCase()) ?? field;
}

/** @returns a field's value, with its name in any case */
export function fieldOf(entry: ServerEntry, field: string): unknown {
  const name = nameOf(entry, field);
  return Object.hasOwn(entry, name) ? entry[name] : undefined;
}

/** @returns a field's value as text without the white space around it; empty when there is none */
export function textOf(entry: ServerEntry, field: string): string {
  const value = fieldOf(entry, field);
  if (typeof value === 'string') return value.trim();
  // A value of an unexpected kind is not empty: it is not ours to fill in.
  return value === undefined || value === null ? '' : (JSON.stringify(value) ?? '');
}

/** @returns the entry's id as text, whether it is a number or text there */
export const idOf = (entry: ServerEntry): string => textOf(entry, 'id');

/** Whether two lists hold the same servers, in any order. What is in their entries does not count. */
export function hasSameServers(one: ServerList, other: ServerList): boolean {
  const idsOf = (list: ServerList) => JSON.stringify(list.map(idOf).sort());
  return idsOf(one) === idsOf(other);
}

/** What came of reading the list. */
export type Reading =
  | {
      readonly ok: true;
      readonly servers: ServerList;
      /** Why these are not all servers, in words; null when they are. */
      readonly partial: string | null;
    }
  | { readonly ok: false; readonly error: ApiError };

const PAGE_SIZE = 100;
const MAX_PAGES = 10;

/**
 * Reads all pages of the CAD's list. The documented API has no pages: an answer that hints at more is followed by `offset`, and when
 * that does not bring all of it, the list is partial.
 *
 * @param isThorough whether an answer without a hint is not believed either: one more request asks for what would come after it
 */
export async function readServerList(request: CadRequest, { isThorough = false } = {}): Promise<Reading> {
  let servers: ServerList = [];
  let isHinted = false;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await request('getServers', page === 0 ? {} : { limit: PAGE_SIZE, offset: servers.length });
    if (!answer.ok) {
      // A CAD without pages may refuse to be asked for one.
      if (page > 0 && !isHinted && answer.error.kind === 'refused') return whole(servers);
      return answer;
    }
    const { servers: entries, ...beside } = answer.data;
    const ids = new Set(servers.map(idOf));
    const added = page === 0 ? entries : entries.filter((entry) => !ids.has(idOf(entry)));
    // A page that begins before the end of the one before belongs to a list that has changed meanwhile.
    if (added.length > 0 && added.length < entries.length) break;
    servers = [...servers, ...added];
    const hint = hintOf(beside, entries.length, servers.length);
    if (hint === 'all') return whole(servers);
    const isEnd = page === 0 ? entries.length === 0 || !isThorough : added.length === 0;
    if (!isHinted && hint === null && isEnd) return whole(servers);
    isHinted ||= hint === 'more';
    if (isHinted && (hint === null || (page > 0 && added.length === 0))) break;
  }
  return { ok: true, servers, partial: `the CAD gave only ${servers.length} servers of its list` };
}

const whole = (servers: ServerList): Reading => ({ ok: true, servers, partial: null });

const IS_MORE = /more|next|cursor|continu|truncat|partial|remain/;
const IS_PAGES = /pages$|pagecount$/;
const IS_TOTAL = /^total|total$/;
const IS_COUNT = /count$/;
const IS_PAGE_SIZE = /^(?:limit|pagesize|perpage|take)$/;
const NOTHING: readonly unknown[] = [undefined, null, false, 0, '', 'false', '0'];

/**
 * What an answer says of how much there is, in the words that APIs have for it.
 *
 * @param beside what stands in the answer beside the list
 * @param inPage how many servers the answer has
 * @param have how many were read so far
 * @returns null when it says nothing of it
 */
function hintOf(beside: Readonly<Record<string, unknown>>, inPage: number, have: number): 'more' | 'all' | null {
  const nested = Object.values(beside).filter((value) => typeof value === 'object' && value !== null);
  let hint: 'all' | 'more' | null = null;
  let total: number | null = null;
  for (const [written, value] of [beside, ...nested].flatMap((fields) => Object.entries(fields as object))) {
    const name = written.toLowerCase().replace(/[^a-z]/g, '');
    const number = typeof value === 'number' || (typeof value === 'string' && /^\d{1,9}$/.test(value)) ? +value : null;
    if (IS_PAGES.test(name)) {
      if (number !== null && number > 1) hint = 'more';
    } else if (IS_TOTAL.test(name) && number !== null) total = Math.max(total ?? 0, number);
    else if (IS_MORE.test(name)) {
      if (!NOTHING.includes(value)) return 'more';
      hint ??= 'all';
    } else if (number !== null && IS_COUNT.test(name)) {
      if (number > have) hint = 'more';
    } else if (number !== null && IS_PAGE_SIZE.test(name) && number > 0) {
      if (number <= inPage) hint = 'more';
      else hint ??= 'all';
    }
  }
  if (total === null) return hint;
  return total > have ? 'more' : 'all';
}

/** What this server's entry should say, and what may be done about it. */
export type Settings = ReturnType<typeof settingsOf>;

const FREE_PLAN = 0;

/** Whether two ids are the same community's. */
export function isSameCommunity(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** @returns what the configuration comes to under these circumstances */
export function settingsOf(
  { communityID, registration, disableOverride, serverId, publicHost, publicPort }: CadSettings,
  {
    gamePort,
    mayRegister,
    community,
    plan,
    askedAddress,
  }: {
    /** 0 when it is not known yet. */
    readonly gamePort: number;
    readonly mayRegister: boolean;
    /** The key's community as the CAD names it; null when it is not known. */
    readonly community: string | null;
    /** The number of its plan. */
    readonly plan: number;
    /** What the echo services said; null when they were not asked, or do not agree. */
    readonly askedAddress: string | null;
  },
) {
  const isForeign = communityID !== '' && community !== null && !isSameCommunity(communityID, community);
  const isHeldBack = disableOverride || !mayRegister || isForeign;
  return {
    /** After `disableOverride`, beside the official resource, and with another community's key, never more than `check`. */
    mode: isHeldBack && registration !== 'off' ? 'check' : registration,
    isOverrideDisabled: disableOverride,
    /** Whether the official resource runs beside this one, and is the one that gets the events. */
    isBeside: !mayRegister,
    /** Whether the key is not of the configured community: its list is not this operator's to write. */
    isForeign,
    /** Whether the community's plan has room for one server only. */
    hasOneServer: plan === FREE_PLAN,
    serverId,
    /** Where the CAD should send events; null when it is not known. */
    host: publicHost === '' ? askedAddress : publicHost,
    /** Whether an operator said so, rather than the echo services. */
    isHostConfigured: publicHost !== '',
    /** null when it is not known. */
    port: publicPort || gamePort || null,
    isPortConfigured: publicPort !== 0,
  } as const;
}

/** Whether two configurations ask the same CAD as the same community. */
export function isSameAccount(one: CadSettings, other: CadSettings): boolean {
  return one.apiKeys[0] === other.apiKeys[0] && one.apiUrl === other.apiUrl && one.mode === other.mode;
}

/** Whether something may be written to the CAD's list. */
export function writes({ mode }: Settings): boolean {
  return mode === 'add' || mode === 'auto';
}

/** This server's entry, read; texts are without the white space around them, and empty when there is none. */
type OwnEntry = NonNullable<ReturnType<typeof findEntry>>;

/** @returns the entry with that id, as a number or as text; null when the list has none */
function findEntry(list: ServerList, serverId: number) {
  const index = list.findIndex((entry) => idOf(entry) === String(serverId));
  const entry = list[index];
  if (entry === undefined) return null;
  const port = textOf(entry, 'listenerPort');
  return {
    index,
    name: textOf(entry, 'name'),
    host: textOf(entry, 'mapIp'),
    port: /^0*$/.test(port) ? '' : port,
    /** Whether it says that this server's requests come from another address than `host`. */
    hasOtherOutgoing: fieldOf(entry, 'differingOutbound') === true,
  };
}

/**
 * How a field of the entry stands to what it should be. `unknown`: that is not known. `declared`: the entry says itself that
 * the two addresses differ. `unresolved`: one of them is a name that could not be looked up.
 */
type Agreement = 'same' | 'blank' | 'different' | 'unknown' | 'declared' | 'unresolved';

/** How the list stands to what it should be. */
export interface Comparison {
  /** null when this server is not in the list. */
  readonly entry: OwnEntry | null;
  readonly address: Agreement;
  readonly port: Agreement;
  /** The list to be written; null when nothing is to be written. */
  readonly wanted: ServerList | null;
  /** What writing it does to the entry. */
  readonly change: 'added' | 'filled in' | 'corrected';
}

/**
 * @param known the entry as it was when a list last had it: it is that which comes back into a list without it
 * @returns how this server's entry in a list stands to the settings, and the list to be written
 */
export async function compareEntry(
  list: ServerList,
  settings: Settings,
  hosts: Pick<HostLookup, 'addressesOf'>,
  known: ServerEntry | null = null,
): Promise<Comparison> {
  const entry = findEntry(list, settings.serverId);
  if (entry === null) {
    const hasRoom = !settings.hasOneServer || list.length === 0;
    const added = addEntry(list, settings, known);
    const wanted =
      writes(settings) && hasRoom && added !== null
        ? ((await compareEntry(added, settings, hosts)).wanted ?? added)
        : null;
    return { entry, address: 'blank', port: 'blank', wanted, change: 'added' };
  }
  const address = await compareHosts(entry, settings, hosts);
  const port = comparePorts(entry.port, settings.port);
  const isWritten = (agreement: Agreement) =>
    agreement === 'blank' || (agreement === 'different' && settings.mode === 'auto');
  // What the echo services see is the outgoing address: no stand-in for one that the entry says is another.
  const knownHost = entry.hasOtherOutgoing && !settings.isHostConfigured ? null : settings.host;
  const host = isWritten(address) ? (knownHost ?? undefined) : undefined;
  const newPort = isWritten(port) ? (settings.port ?? undefined) : undefined;
  const isNeeded = writes(settings) && (host !== undefined || newPort !== undefined);
  return {
    entry,
    address,
    port,
    wanted: isNeeded ? changeEntry(list, entry.index, host, newPort) : null,
    change:
      (host !== undefined && entry.host !== '') || (newPort !== undefined && entry.port !== '')
        ? 'corrected'
        : 'filled in',
  };
}

/** Without regard to case, brackets and the dot that may end a name. */
const folded = (host: string): string => host.toLowerCase().replace(/^\[|\]$|\.$/g, '');

async function compareHosts(
  entry: OwnEntry,
  settings: Settings,
  hosts: Pick<HostLookup, 'addressesOf'>,
): Promise<Agreement> {
  if (entry.host === '') return 'blank';
  if (entry.hasOtherOutgoing && !settings.isHostConfigured) return 'declared';
  if (settings.host === null) return 'unknown';
  const theirs = folded(entry.host);
  const ours = folded(settings.host);
  if (theirs === ours) return 'same';
  const [name, address] = isIP(theirs) === 0 ? [theirs, ours] : [ours, theirs];
  if (isIP(name) !== 0 || isIP(address) === 0) return 'different';
  const addresses = await hosts.addressesOf(name);
  if (addresses === null) return 'unresolved';
  return addresses.includes(address) ? 'same' : 'different';
}

function comparePorts(theirs: string, ours: number | null): Agreement {
  if (theirs === '') return 'blank';
  if (ours === null) return 'unknown';
  return /^\d+$/.test(theirs) && Number(theirs) === ours ? 'same' : 'different';
}

/** @returns the list with that entry changed where host and port are given, and all else as it was */
function changeEntry(list: ServerList, index: number, host?: string, port?: number): ServerList {
  return list.map((entry, at) => {
    if (at !== index) return entry;
    const changed: Record<string, unknown> = { ...entry };
    const portName = nameOf(entry, 'listenerPort');
    if (host !== undefined) changed[nameOf(entry, 'mapIp')] = host;
    if (port !== undefined) changed[portName] = typeof entry[portName] === 'number' ? port : String(port);
    return changed;
  });
}

/** @returns the list with the known entry at its end, or a new one; null when what it has to say is not known */
function addEntry(list: ServerList, { serverId, host, port }: Settings, known: ServerEntry | null): ServerList | null {
  if (known !== null) return [...list, known];
  if (host === null || port === null) return null;
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
