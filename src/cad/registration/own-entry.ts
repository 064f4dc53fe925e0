import { isIP } from 'node:net';
import type { HostLookup } from '../../lib/host-lookup.ts';
import type { ServerEntry } from '../api/inputs.ts';
import type { CadSettings } from '../settings.ts';
import { entriesOf, fieldOf, nameOf, type ServerList, textOf } from './server-list.ts';

/** What this server's entry should say, and what of it may be written. */
export interface OwnSettings {
  readonly serverId: number;
  readonly mode: CadSettings['registration'];
  /** Where the CAD should send events; null when it is not known. */
  readonly host: string | null;
  /** Whether `publicHost` says so, rather than the address services. */
  readonly isHostConfigured: boolean;
  /** null when it is not known. */
  readonly port: number | null;
  /** Whether the community's plan has room for one server only. */
  readonly hasOneServer: boolean;
}

/** The fields of this server's entry that matter here, as trimmed text. */
export interface OwnEntry {
  readonly name: string;
  readonly host: string;
  readonly port: string;
  /** Whether the entry says that this server's own requests come from another address than `host`. */
  readonly hasOtherOutgoing: boolean;
}

/** `unresolved`: one side is a host name that could not be looked up. `unknown`: there is nothing to compare with. */
type Agreement = 'same' | 'blank' | 'different' | 'unresolved' | 'unknown';

/** How the CAD's list stands to this server's settings. */
export interface Comparison {
  /** null when this server is not in the list. */
  readonly entry: OwnEntry | null;
  /** What the entry's address should be; null when it is not known. */
  readonly host: string | null;
  readonly address: Agreement;
  readonly port: Agreement;
  /** The list with this server's entry added or changed; null when nothing is to be written. */
  readonly wanted: ServerList | null;
  /** What writing `wanted` does to the entry. */
  readonly change: 'added' | 'filled in' | 'corrected';
}

type Hosts = Pick<HostLookup, 'addressesOf'>;

/** @param known this server's entry as an earlier list had it: a lost entry comes back with all its fields */
export async function compareEntry(
  list: ServerList,
  settings: OwnSettings,
  hosts: Hosts,
  known: ServerEntry | null,
): Promise<Comparison> {
  const { mode, port: ownPort } = settings;
  const mayWrite = mode === 'add' || mode === 'auto';
  const [own] = entriesOf(list, settings.serverId);
  if (own === undefined) {
    const hasRoom = !settings.hasOneServer || list.length === 0;
    const added = mayWrite && hasRoom ? (known ?? newEntry(settings)) : null;
    const missing = { entry: null, host: settings.host, address: 'blank', port: 'blank', change: 'added' } as const;
    if (added === null) return { ...missing, wanted: null };
    const withAdded = [...list, added];
    const { wanted } = await compareEntry(withAdded, settings, hosts, null);
    return { ...missing, wanted: wanted ?? withAdded };
  }
  const entry = readEntry(own);
  // The address services see where this server's requests come from, which is not `mapIp` in such an entry.
  const host = entry.hasOtherOutgoing && !settings.isHostConfigured ? null : settings.host;
  const address = await compareAddress(entry.host, host, hosts);
  const port = comparePort(entry.port, ownPort);
  const isWritten = (agreement: Agreement) =>
    mayWrite && (agreement === 'blank' || (agreement === 'different' && mode === 'auto'));
  const newHost = isWritten(address) ? host : null;
  const newPort = isWritten(port) ? ownPort : null;
  const changed = changedEntry(own, newHost, newPort);
  const wanted = list.map((each) => (each === own ? changed : each));
  const isCorrection = (newHost !== null && entry.host !== '') || (newPort !== null && entry.port !== '');
  const change = isCorrection ? 'corrected' : 'filled in';
  return { entry, host, address, port, wanted: newHost === null && newPort === null ? null : wanted, change };
}

function readEntry(entry: ServerEntry): OwnEntry {
  const port = textOf(entry, 'listenerPort');
  return {
    name: textOf(entry, 'name'),
    host: textOf(entry, 'mapIp'),
    port: /^0*$/.test(port) ? '' : port,
    hasOtherOutgoing: fieldOf(entry, 'differingOutbound') === true,
  };
}

/** Lower case, without the brackets of an IPv6 address and the dot that may end a host name. */
const normaliseHost = (host: string): string => host.toLowerCase().replace(/^\[|\]$|\.$/g, '');

async function compareAddress(inCad: string, wanted: string | null, hosts: Hosts): Promise<Agreement> {
  if (inCad === '') return 'blank';
  if (wanted === null) return 'unknown';
  const theirs = normaliseHost(inCad);
  const ours = normaliseHost(wanted);
  if (theirs === ours) return 'same';
  const [name, address] = isIP(theirs) === 0 ? [theirs, ours] : [ours, theirs];
  if (isIP(name) !== 0 || isIP(address) === 0) return 'different';
  const addresses = await hosts.addressesOf(name);
  if (addresses === null) return 'unresolved';
  return addresses.includes(address) ? 'same' : 'different';
}

function comparePort(theirs: string, ours: number | null): Agreement {
  if (theirs === '') return 'blank';
  if (ours === null) return 'unknown';
  return /^\d+$/.test(theirs) && Number(theirs) === ours ? 'same' : 'different';
}

function changedEntry(entry: ServerEntry, host: string | null, port: number | null): ServerEntry {
  const changed: Record<string, unknown> = { ...entry };
  const portName = nameOf(entry, 'listenerPort');
  if (host !== null) changed[nameOf(entry, 'mapIp')] = host;
  if (port !== null) changed[portName] = typeof entry[portName] === 'number' ? port : String(port);
  return changed;
}

/** @returns null when the address or the port is not known */
function newEntry({ serverId, host, port }: OwnSettings): ServerEntry | null {
  if (host === null || port === null) return null;
  return {
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
}
