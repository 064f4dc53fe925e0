import { isIP } from 'node:net';
import type { HostLookup } from '../../lib/host-lookup.ts';
import type { ServerEntry } from '../api/general-endpoints.ts';
import type { CadSettings } from '../settings.ts';
import { fieldOf, idOf, nameOf, type ServerList, textOf } from './server-list.ts';

/** What of the configuration registration depends on. */
export type RegistrationConfig = Omit<
  CadSettings,
  'legacyEvents' | 'call911FromClients' | 'linkCommand' | 'unitCommands'
>;

/** What this server's entry should say, and what may be done about it. */
export type Settings = ReturnType<typeof settingsOf>;

/** What is known beside the configuration. */
interface Circumstances {
  /** The game's port; 0 when it is not known yet. */
  readonly gamePort: number;
  readonly mayRegister: boolean;
  /** The key's community as the CAD names it; null when it is not known. */
  readonly community: string | null;
  /** The plan's number; 0 is the free one. */
  readonly plan: number;
  /** What the echo services said; null when they were not asked, or do not agree. */
  readonly askedAddress: string | null;
}

const FREE_PLAN = 0;

/** Whether two ids are the same community's. */
export function isSameCommunity(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** @returns what the configuration comes to under these circumstances */
export function settingsOf(
  { communityID, registration, disableOverride, serverId, publicHost, publicPort }: RegistrationConfig,
  { gamePort, mayRegister, community, plan, askedAddress }: Circumstances,
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
export function isSameAccount(one: RegistrationConfig, other: RegistrationConfig): boolean {
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
