import { isIP } from 'node:net';
import type { HostLookup } from '../../lib/host-lookup.ts';
import type { ServerEntry } from '../api/inputs.ts';
import type { CadSettings } from '../settings.ts';
import { entriesOf, fieldOf, nameOf, type ServerList, textOf } from './server-list.ts';

/** The wanted content of this server's entry, and what registration may write. */
export interface OwnSettings {
  readonly serverId: number;
  readonly mode: CadSettings['registration'];
  /** The address to which the CAD should send events; null while it is unknown. */
  readonly host: string | null;
  /** Whether `host` is the setting `publicHost`, and not an answer of the address services. */
  readonly isHostConfigured: boolean;
  /** null while the port is unknown. */
  readonly port: number | null;
  /** Whether the community's plan has room for one server only. */
  readonly hasOneServer: boolean;
}

/** The compared fields of this server's entry in the CAD, as trimmed text. */
export interface OwnEntry {
  readonly name: string;
  readonly host: string;
  readonly port: string;
  /** Whether the entry says that this server's requests come from another address than `host`. */
  readonly hasOtherOutgoing: boolean;
}

/**
 * `blank`: the entry lacks the value. `unresolved`: a host name could not be looked up. `unknown`: the own value is
 * unknown.
 */
type Agreement = 'same' | 'blank' | 'different' | 'unresolved' | 'unknown';

/** The result of comparing the CAD's list with this server's settings. */
export interface Comparison {
  /** null when the list lacks this server. */
  readonly entry: OwnEntry | null;
  /** The wanted address; null when it is unknown or must not be compared. */
  readonly host: string | null;
  readonly address: Agreement;
  readonly port: Agreement;
  /** The list to write, with this server's entry added or changed; null when no write is needed or allowed. */
  readonly wanted: ServerList | null;
  /** The effect of writing `wanted` on the entry. */
  readonly change: 'added' | 'filled in' | 'corrected';
}

type Hosts = Pick<HostLookup, 'addressesOf'>;

/**
 * Compares this server's entry with its settings.
 *
 * @param known this server's entry in an earlier list, by which a lost entry is restored with all its fields
 */
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
  // The address services see the address of outgoing requests, which differs from `mapIp` in such an entry.
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

/** Lowers the case, and removes the brackets of an IPv6 address and the final dot of a host name. */
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

/** @returns an entry in the CAD's documented shape; null while the address or the port is unknown */
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
