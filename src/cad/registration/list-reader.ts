import type { Clock } from '../../lib/clock.ts';
import { HostLookup, type SystemLookup } from '../../lib/host-lookup.ts';
import type { CadApi } from '../api/cad-api.ts';
import type { ApiError, ApiResult } from '../api/results.ts';
import { apiHost, type CadSettings } from '../settings.ts';
import { KnownServers, type ListStore, missingFrom } from './known-servers.ts';
import { type Comparison, compareEntry, type OwnSettings } from './own-entry.ts';
import { askPublicAddress } from './public-address.ts';
import { describeServers, escapeUnsafe, withoutDot } from './report-text.ts';
import { entriesOf, readServerList, type ServerList } from './server-list.ts';

export interface ListReaderOptions {
  /** Returns the configuration in force. */
  config(): CadSettings;
  readonly api: Pick<CadApi, 'isEnabled' | 'request'>;
  /** Stores the servers of the list across restarts. */
  readonly store: ListStore;
  /** 0 while the port is unknown. */
  readonly gamePort: number;
  readonly resourceName: string;
  /** Whether the official resource runs beside this one. The list is then not written. */
  isBesideOfficial(): boolean;
  /** Replaces the address services in tests. */
  readonly askAddress?: () => Promise<string | null>;
  /** Replaces `dns.lookup` in tests. */
  readonly lookup?: SystemLookup;
  readonly clock: Clock;
}

/** The facts about this server that need no answer of the CAD. */
interface OwnServer {
  readonly config: CadSettings;
  readonly resourceName: string;
  readonly isBesideOfficial: boolean;
  readonly port: number | null;
}

type Plan = { readonly version: number; readonly name: string };

/** The result of reading the list when the CAD did not answer. `error` is null when requests are switched off. */
export interface FailedSnapshot extends OwnServer {
  readonly ok: false;
  readonly plan: Plan | null;
  readonly error: ApiError | null;
}

/** The CAD's plan, community and server list at one time, compared with this server. */
export interface ListSnapshot extends OwnServer {
  readonly ok: true;
  readonly plan: Plan;
  /** The id of the key's community; empty when it could not be read. */
  readonly communityId: string;
  /** Whether the key belongs to another community than `communityID`. */
  readonly isForeignKey: boolean;
  readonly settings: OwnSettings;
  readonly servers: ServerList;
  /** Known servers, except this one, that the list lacks. */
  readonly missing: ServerList;
  readonly comparison: Comparison;
  readonly doubt: Doubt | null;
}

/** Why the list must not be written. */
interface Doubt {
  /** The reason, as the beginning of a sentence. */
  readonly why: string;
  /**
   * How the doubt can end: by the operator's command, by a retry, or only by a change that the operator makes in the
   * CAD.
   */
  readonly endsBy: 'command' | 'retry' | 'hand';
  /** Whether the list is incomplete, or was not understood. */
  readonly isAboutReading: boolean;
}

/** The CAD's number for the free plan, which has room for one server. */
const FREE_PLAN = 0;

/**
 * Reads the CAD's list, compares it with this server, and decides whether the list may be written. Writes nothing to
 * the CAD.
 */
export class ListReader {
  readonly #options: ListReaderOptions;
  readonly #known: KnownServers;
  readonly #hosts: HostLookup;
  /** The CAD's number for the community's plan; -1 while it is unknown. */
  plan = -1;
  /** The number of servers that share the key; 1 while it is unknown. */
  serverCount = 1;

  constructor(options: ListReaderOptions) {
    this.#options = options;
    this.#known = new KnownServers(options.store);
    this.#hosts = new HostLookup(options);
  }

  /** @returns this server's public address; null when it is not needed, or could not be found */
  async askAddress(): Promise<string | null> {
    const { config, api, clock, askAddress } = this.#options;
    const { publicHost, registration, addressServices } = config();
    if (publicHost !== '' || registration === 'off' || !api.isEnabled()) return null;
    return askAddress === undefined ? askPublicAddress(addressServices, clock) : askAddress();
  }

  /**
   * Reads the plan, the community and the list from the CAD.
   *
   * @param publicAddress the result of {@link askAddress}
   * @param isConfirmed whether the operator has confirmed a list that is empty, or lacks this server
   */
  async read(publicAddress: string | null, isConfirmed = false): Promise<ListSnapshot | FailedSnapshot> {
    const { api, resourceName, gamePort, isBesideOfficial } = this.#options;
    const config = this.#options.config();
    const port = config.publicPort || gamePort || null;
    const own: OwnServer = { config, resourceName, isBesideOfficial: isBesideOfficial(), port };
    if (!api.isEnabled()) return { ...own, ok: false, plan: null, error: null };

    // The plan is requested first, so that the CAD refuses a wrong key once and not three times.
    const plan = await api.request('getVersion', {});
    if (!plan.ok) return { ...own, ok: false, plan: null, error: plan.error };
    this.plan = plan.data.version;

    const [community, list] = await Promise.all([
      api.request('getCommunity', {}),
      readServerList(api.request, config.serverId),
    ]);
    if (!list.ok) return { ...own, ok: false, plan: plan.data, error: list.error };

    const { servers } = list;
    const communityId = community.ok ? community.data.comId.trim() : '';
    const isForeignKey =
      config.communityID !== '' && communityId !== '' && !isSameCommunity(config.communityID, communityId);
    const settings = settingsFor(own, isForeignKey, plan.data.version, publicAddress);
    const owner = storageName(config, communityId);
    const known = this.#known.of(owner);
    const [ownKnown = null] = entriesOf(known ?? [], config.serverId);
    const comparison = await compareEntry(servers, settings, this.#hosts, ownKnown);

    // After a reload, the community and the list may have been requested with two different keys.
    if (this.#options.config() !== config) return this.read(publicAddress, isConfirmed);

    this.serverCount = Math.max(1, servers.length);
    if (communityId !== '') this.#known.add(owner, servers);
    const lost = missingFrom(servers, known ?? []);
    const missing = lost.filter((entry) => entry !== ownKnown);
    const doubt =
      doubtAboutCommunity(community) ??
      doubtAboutFlaw(list.flaw) ??
      doubtAboutLoss(servers, known, isConfirmed ? missing : lost, isConfirmed);
    const facts = { communityId, isForeignKey, settings, servers, missing, comparison, doubt };
    return { ...own, ok: true, plan: plan.data, ...facts };
  }

  /**
   * Adds other servers to the known ones. This server's own entry is skipped, because it is being written and may be
   * outdated.
   */
  rememberOthers({ config, communityId }: ListSnapshot, servers: ServerList): void {
    const own = entriesOf(servers, config.serverId);
    this.#known.add(storageName(config, communityId), missingFrom(own, servers));
  }

  /**
   * Forgets the servers that the list lacks, after the operator's confirmation. This server's own entry stays known.
   */
  confirm({ config, communityId, servers }: ListSnapshot): void {
    const owner = storageName(config, communityId);
    const own = entriesOf(this.#known.of(owner) ?? [], config.serverId);
    this.#known.replace(owner, [...servers, ...missingFrom(servers, own)]);
  }
}

/** Compares two community ids, ignoring case and surrounding space. */
export function isSameCommunity(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** @returns the name under which a community's servers are stored */
function storageName(config: CadSettings, communityId: string): string {
  return `${apiHost(config)} ${communityId.toLowerCase()}`;
}

function settingsFor(
  { config, isBesideOfficial, port }: OwnServer,
  isForeignKey: boolean,
  plan: number,
  publicAddress: string | null,
): OwnSettings {
  const { registration, disableOverride, serverId, publicHost } = config;
  const mayOnlyCheck = disableOverride || isBesideOfficial || isForeignKey;
  return {
    serverId,
    mode: mayOnlyCheck && registration !== 'off' ? 'check' : registration,
    host: publicHost === '' ? publicAddress : publicHost,
    isHostConfigured: publicHost !== '',
    port,
    hasOneServer: plan === FREE_PLAN,
  };
}

/** A list of an unknown community must not be written, because its known servers cannot be compared. */
function doubtAboutCommunity(community: ApiResult<{ readonly comId: string }>): Doubt | null {
  if (community.ok) {
    if (community.data.comId.trim() !== '') return null;
    return doubt("The key's community could not be read (the CAD did not name it)", 'hand');
  }
  const { kind, message } = community.error;
  const reason = escapeUnsafe(withoutDot(message));
  return doubt(`The key's community could not be read (${reason})`, kind === 'unreachable' ? 'retry' : 'hand');
}

function doubtAboutFlaw(flaw: string | null): Doubt | null {
  if (flaw === null) return null;
  const reason = escapeUnsafe(withoutDot(flaw));
  return { ...doubt(`The CAD's list of servers could not be read whole (${reason})`, 'hand'), isAboutReading: true };
}

/** @param known null when the stored list is damaged, so that a loss would not be noticed */
function doubtAboutLoss(
  servers: ServerList,
  known: ServerList | null,
  lost: ServerList,
  isConfirmed: boolean,
): Doubt | null {
  if (known === null) return doubt("The stored copy of the CAD's list of servers cannot be read", 'command');
  if (servers.length === 0 && !isConfirmed) return doubt("The CAD's list of servers is empty", 'command');
  if (lost.length === 0) return null;
  return doubt(`The CAD's list lacks ${describeServers(lost)}, which it had before`, 'command');
}

function doubt(why: string, endsBy: Doubt['endsBy']): Doubt {
  return { why, endsBy, isAboutReading: false };
}
