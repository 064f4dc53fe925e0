import type { Clock } from '../../lib/clock.ts';
import { HostLookup, type SystemLookup } from '../../lib/host-lookup.ts';
import type { CadApi } from '../api/cad-api.ts';
import type { ApiError } from '../api/results.ts';
import { apiHost, type CadSettings } from '../settings.ts';
import { KnownServers, type ListStore, missingFrom } from './known-servers.ts';
import { type Comparison, compareEntry, type OwnSettings } from './own-entry.ts';
import { askPublicAddress } from './public-address.ts';
import { describeServers, shownAsIs, withoutDot } from './report-text.ts';
import { entriesOf, readServerList, type ServerList } from './server-list.ts';

export interface ListReaderOptions {
  /** The configuration in force: asked each time. */
  config(): CadSettings;
  readonly api: Pick<CadApi, 'isEnabled' | 'request'>;
  /** Keeps the servers of the list across restarts. */
  readonly store: ListStore;
  /** 0 when it is not known. */
  readonly gamePort: number;
  readonly resourceName: string;
  /** Whether the official resource runs beside this one: then nothing is written. */
  isBesideOfficial(): boolean;
  /** Stands in for the address services. */
  readonly askAddress?: () => Promise<string | null>;
  /** Stands in for `dns.lookup`. */
  readonly lookup?: SystemLookup;
  readonly clock: Clock;
}

/** What is known of this server without the CAD. */
interface OwnServer {
  readonly config: CadSettings;
  readonly resourceName: string;
  readonly isBeside: boolean;
  readonly port: number | null;
}

type Plan = { readonly version: number; readonly name: string };

/** A look at a CAD that gave no answer; `error` is null when nothing may be asked of it. */
export interface FailedLook extends OwnServer {
  readonly ok: false;
  readonly plan: Plan | null;
  readonly error: ApiError | null;
}

/** The CAD's plan, community and list, compared with this server. */
export interface Look extends OwnServer {
  readonly ok: true;
  readonly plan: Plan;
  /** The id of the key's community; empty when it is not known. */
  readonly communityId: string;
  readonly settings: OwnSettings;
  readonly servers: ServerList;
  /** Known servers that the list lacks, without this one. */
  readonly missing: ServerList;
  readonly comparison: Comparison;
  readonly doubt: Doubt | null;
}

/** Why the list is not written although something in it should be changed. */
interface Doubt {
  /** What is wrong, as the beginning of a sentence. */
  readonly why: string;
  /** What ends the doubt: the operator's command, another try, or the operator's own entry in the CAD. */
  readonly endsBy: 'command' | 'retry' | 'hand';
  /** Whether the list did not come whole, or was not understood. */
  readonly isAboutReading: boolean;
}

const FREE_PLAN = 0;

/** Whether two ids are the same community's. */
export function isSameCommunity(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** Reads the CAD's list, compares it with this server, and decides whether it can be trusted. Writes nothing to the CAD. */
export class ListReader {
  readonly #options: ListReaderOptions;
  readonly #known: KnownServers;
  readonly #hosts: HostLookup;
  /** The number of the community's plan; -1 when it is not known. */
  plan = -1;
  /** How many servers share the key; 1 when it is not known. */
  serverCount = 1;

  constructor(options: ListReaderOptions) {
    this.#options = options;
    this.#known = new KnownServers(options.store);
    this.#hosts = new HostLookup(options);
  }

  /** @returns this server's address; null when it is not needed, or could not be found out */
  async askAddress(): Promise<string | null> {
    const { config, api, clock, askAddress } = this.#options;
    const { publicHost, registration, addressServices } = config();
    if (publicHost !== '' || registration === 'off' || !api.isEnabled()) return null;
    return askAddress === undefined ? askPublicAddress(addressServices, clock) : askAddress();
  }

  /**
   * @param publicAddress this server's, as {@link askAddress} gave it
   * @param isConfirmed whether the operator has confirmed that the list may be empty, or without this server
   */
  async look(publicAddress: string | null, isConfirmed = false): Promise<Look | FailedLook> {
    const { api, resourceName, gamePort, isBesideOfficial } = this.#options;
    const config = this.#options.config();
    const port = config.publicPort || gamePort || null;
    const own: OwnServer = { config, resourceName, isBeside: isBesideOfficial(), port };
    if (!api.isEnabled()) return { ...own, ok: false, plan: null, error: null };
    // The plan comes first and alone: a refused key is refused once.
    const plan = await api.request('getVersion', {});
    if (!plan.ok) return { ...own, ok: false, plan: null, error: plan.error };
    this.plan = plan.data.version;
    const [community, reading] = await Promise.all([
      api.request('getCommunity', {}),
      readServerList(api.request, config.serverId),
    ]);
    if (!reading.ok) return { ...own, ok: false, plan: plan.data, error: reading.error };
    const { servers, flaw } = reading;
    const communityId = community.ok ? community.data.comId.trim() : '';
    const owner = ownerOf(config, communityId);
    const settings = settingsFor(own, communityId, plan.data.version, publicAddress);
    const known = this.#known.of(owner);
    const [ownKnown = null] = entriesOf(known ?? [], config.serverId);
    const comparison = await compareEntry(servers, settings, this.#hosts, ownKnown);
    // Across a reload, community and list may have been asked with two different keys.
    if (this.#options.config() !== config) return this.look(publicAddress, isConfirmed);
    this.serverCount = Math.max(1, servers.length);
    const lost = missingFrom(servers, known ?? []);
    const missing = lost.filter((entry) => entry !== ownKnown);
    const look = { ...own, ok: true, plan: plan.data, communityId, settings, servers, missing, comparison } as const;
    const doubt = (why: string, endsBy: Doubt['endsBy'], isAboutReading = false): Look => {
      return { ...look, doubt: { why, endsBy, isAboutReading } };
    };
    if (communityId === '') {
      const why = community.ok ? 'the CAD did not name it' : shownAsIs(withoutDot(community.error.message));
      const mayPass = !community.ok && community.error.kind === 'unreachable';
      return doubt(`The key's community could not be read (${why})`, mayPass ? 'retry' : 'hand');
    }
    const isStored = this.#known.add(owner, servers);
    if (flaw !== null) {
      return doubt(`The CAD's list of servers could not be read whole (${shownAsIs(withoutDot(flaw))})`, 'hand', true);
    }
    if (!isStored) return doubt("The CAD's list of servers is too large to notice a loss in it", 'hand');
    if (known === null) return doubt("The stored copy of the CAD's list of servers cannot be read", 'command');
    if (servers.length === 0 && !isConfirmed) return doubt("The CAD's list of servers is empty", 'command');
    const unconfirmed = isConfirmed ? missing : lost;
    if (unconfirmed.length === 0) return { ...look, doubt: null };
    return doubt(`The CAD's list lacks ${describeServers(unconfirmed)}, which it had before`, 'command');
  }

  /** Adds other servers to the known ones. This server's own entry may be overwritten at this moment, and is then written again. */
  rememberOthers({ config, communityId }: Look, servers: ServerList): void {
    const own = entriesOf(servers, config.serverId);
    this.#known.add(ownerOf(config, communityId), missingFrom(own, servers));
  }

  /** Forgets the servers that a list lacks, on the operator's word. This server's own entry stays known. */
  confirm({ config, communityId, servers }: Look): void {
    const owner = ownerOf(config, communityId);
    const own = entriesOf(this.#known.of(owner) ?? [], config.serverId);
    this.#known.replace(owner, [...servers, ...missingFrom(servers, own)]);
  }
}

/** @returns under what a community's servers are remembered */
function ownerOf(config: CadSettings, communityId: string): string {
  return `${apiHost(config)} ${communityId.toLowerCase()}`;
}

function settingsFor(
  { config, isBeside, port }: OwnServer,
  communityId: string,
  plan: number,
  publicAddress: string | null,
): OwnSettings {
  const { communityID, registration, disableOverride, serverId, publicHost } = config;
  const isForeign = communityID !== '' && communityId !== '' && !isSameCommunity(communityID, communityId);
  const mayOnlyCheck = disableOverride || isBeside || isForeign;
  return {
    serverId,
    mode: mayOnlyCheck && registration !== 'off' ? 'check' : registration,
    host: publicHost === '' ? publicAddress : publicHost,
    isHostConfigured: publicHost !== '',
    port,
    hasOneServer: plan === FREE_PLAN,
  };
}
