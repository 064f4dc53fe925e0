import { isIP } from 'node:net';
import type { CadSettings } from '../settings.ts';
import type { AddressesOf } from './own-address.ts';
import { fieldOf, idOf, nameOf, type ServerEntry, type ServerList, textOf } from './server-list.ts';

export type RegistrationConfig = Pick<
  CadSettings,
  | 'communityID'
  | 'serverId'
  | 'transport'
  | 'registration'
  | 'disableOverride'
  | 'publicHost'
  | 'publicPort'
  | 'addressServices'
  | 'apiSendEnabled'
  | 'apiKeys'
  | 'apiUrl'
  | 'mode'
>;

/** What this server's entry should say, and what may be done about it. */
export interface Settings {
  /** After `disableOverride`, beside the official resource, and with another community's key, never more than `check`. */
  readonly mode: CadSettings['registration'];
  readonly isOverrideDisabled: boolean;
  /** Whether the official resource runs beside this one, and is the one that gets the events. */
  readonly isBeside: boolean;
  /** Whether the key is not of the configured community: its list is not this operator's to write. */
  readonly isForeign: boolean;
  /** Whether the community's plan has room for one server only. */
  readonly hasOneServer: boolean;
  readonly serverId: number;
  /** Where the CAD should send events; null when it is not known. */
  readonly host: string | null;
  /** Whether an operator said so, rather than the echo services. */
  readonly isHostConfigured: boolean;
  /** null when it is not known. */
  readonly port: number | null;
  readonly isPortConfigured: boolean;
}

/** What is known beside the configuration. */
export interface Circumstances {
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
): Settings {
  const isForeign = communityID !== '' && community !== null && !isSameCommunity(communityID, community);
  const isHeldBack = disableOverride || !mayRegister || isForeign;
  return {
    mode: isHeldBack && registration !== 'off' ? 'check' : registration,
    isOverrideDisabled: disableOverride,
    isBeside: !mayRegister,
    isForeign,
    hasOneServer: plan === FREE_PLAN,
    serverId,
    host: publicHost === '' ? askedAddress : publicHost,
    isHostConfigured: publicHost !== '',
    port: publicPort || gamePort || null,
    isPortConfigured: publicPort !== 0,
  };
}

/** Whether two configurations ask the same CAD as the same community. */
export function isSameAccount(one: RegistrationConfig, other: RegistrationConfig): boolean {
  return one.apiKeys[0] === other.apiKeys[0] && one.apiUrl === other.apiUrl && one.mode === other.mode;
}

/** Whether something may be written to the CAD's list. */
export function writes({ mode }: Settings): boolean {
  return mode === 'add' || mode === 'auto';
}

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

/** @returns the entry with that id, as a number or as text; null when the list has none */
function findEntry(list: ServerList, serverId: number): OwnEntry | null {
  const index = list.findIndex((entry) => idOf(entry) === String(serverId));
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
  addressesOf: AddressesOf,
  known: ServerEntry | null = null,
): Promise<Comparison> {
  const entry = findEntry(list, settings.serverId);
  if (entry === null) {
    const hasRoom = !settings.hasOneServer || list.length === 0;
    const wanted = writes(settings) && hasRoom ? await addOwn(list, settings, addressesOf, known) : null;
    return { entry, address: 'blank', port: 'blank', wanted, change: 'added' };
  }
  const address = await compareHosts(entry, settings, addressesOf);
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
    wanted: isNeeded ? changeEntry(list, entry.index, { host, port: newPort }) : null,
    change:
      (host !== undefined && entry.host !== '') || (newPort !== undefined && entry.port !== '')
        ? 'corrected'
        : 'filled in',
  };
}

async function addOwn(
  list: ServerList,
  settings: Settings,
  addressesOf: AddressesOf,
  known: ServerEntry | null,
): Promise<ServerList | null> {
  const { serverId, host, port } = settings;
  if (known === null) return host === null || port === null ? null : addEntry(list, serverId, host, port);
  const asBefore = [...list, known];
  return (await compareEntry(asBefore, settings, addressesOf)).wanted ?? asBefore;
}

/** Without regard to case, brackets and the dot that may end a name. */
const folded = (host: string): string => host.toLowerCase().replace(/^\[|\]$|\.$/g, '');

async function compareHosts(entry: OwnEntry, settings: Settings, addressesOf: AddressesOf): Promise<Agreement> {
  if (entry.host === '') return 'blank';
  if (entry.hasOtherOutgoing && !settings.isHostConfigured) return 'declared';
  if (settings.host === null) return 'unknown';
  const theirs = folded(entry.host);
  const ours = folded(settings.host);
  if (theirs === ours) return 'same';
  const [name, address] = isIP(theirs) === 0 ? [theirs, ours] : [ours, theirs];
  if (isIP(name) !== 0 || isIP(address) === 0) return 'different';
  const addresses = await addressesOf(name);
  if (addresses === null) return 'unresolved';
  return addresses.includes(address) ? 'same' : 'different';
}

function comparePorts(theirs: string, ours: number | null): Agreement {
  if (theirs === '') return 'blank';
  if (ours === null) return 'unknown';
  return /^\d+$/.test(theirs) && Number(theirs) === ours ? 'same' : 'different';
}

/** What is written into an entry; `undefined` leaves a field as it is. */
interface EntryChange {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
}

/** @returns the list with that entry changed, and all else as it was */
function changeEntry(list: ServerList, index: number, { host, port }: EntryChange): ServerList {
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
function addEntry(list: ServerList, serverId: number, host: string, port: number): ServerList {
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
