import { isIP } from 'node:net';
import type { AddressesOf } from './host-addresses.ts';
import type { ServerEntry, ServerList } from './registration-api.ts';
import { addEntry, changeEntry, findEntry, type OwnEntry } from './server-entry.ts';
import { type Settings, writes } from './settings.ts';

/**
 * How a field of the entry stands to what it should be. `unknown`: that is not known. `declared`: the entry says itself that
 * the two addresses differ. `unresolved`: one of them is a name that could not be looked up.
 */
export type Agreement = 'same' | 'blank' | 'different' | 'unknown' | 'declared' | 'unresolved';

/** How the list stands to what it should be. */
export interface Assessment {
  /** null when this server is not in the list. */
  readonly entry: OwnEntry | null;
  readonly address: Agreement;
  readonly port: Agreement;
  /** The list to be written; null when nothing is to be written. */
  readonly next: ServerList | null;
  /** What writing it does to the entry. */
  readonly change: 'added' | 'filled in' | 'corrected';
}

/**
 * @param known the entry as it was when a list last had it: it is that which comes back into a list without it
 * @returns how this server's entry in a list stands to the settings, and the list to be written
 */
export async function assess(
  list: ServerList,
  settings: Settings,
  addressesOf: AddressesOf,
  known: ServerEntry | null = null,
): Promise<Assessment> {
  const entry = findEntry(list, settings.serverId);
  if (entry === null) {
    const hasRoom = !settings.hasOneServer || list.length === 0;
    const next = writes(settings) && hasRoom ? await addOwn(list, settings, addressesOf, known) : null;
    return { entry, address: 'blank', port: 'blank', next, change: 'added' };
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
    next: isNeeded ? changeEntry(list, entry.index, { host, port: newPort }) : null,
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
  return (await assess(asBefore, settings, addressesOf)).next ?? asBefore;
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
