import * as v from 'valibot';
import { isPublicIpv4 } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import { HostLookup, type SystemLookup } from '../../lib/host-lookup.ts';
import { sendOnce } from '../../lib/http-request.ts';
import type { KeyValueStore } from '../../platform/kvp-store.ts';
import type { CadApi } from '../api/cad-api.ts';
import { type ServerEntry, serverEntry } from '../api/inputs.ts';
import type { ApiError, ApiResult } from '../api/results.ts';
import { apiHost, type CadSettings } from '../settings.ts';
import {
  type Comparison,
  compareEntry,
  idOf,
  isSameAccount,
  type Reading,
  readServerList,
  type ServerList,
  type Settings,
  settingsOf,
  writes,
} from './server-list.ts';

const ECHO_DEADLINE_MS = 5_000;
const MAX_ANSWER_BYTES = 1_024;
/** One service alone may be mistaken, or lie. */
const MUST_AGREE = 2;

/** The bare address, or a JSON object with the address as `ip`. */
const address = v.pipe(
  v.union([
    v.pipe(
      v.string(),
      v.parseJson(),
      v.object({ ip: v.string() }),
      v.transform(({ ip }) => ip),
    ),
    v.pipe(v.string(), v.trim()),
  ]),
  v.check(isPublicIpv4),
);

/** @returns this machine's public IPv4 address; null when it could not be found out */
type AskAddress = () => Promise<string | null>;

/** The part of the game server's database (KVP) that the lists are kept in. */
export type ListStore = Pick<KeyValueStore, 'get' | 'set'>;

export interface FactsReaderOptions {
  /** The configuration in force: asked each time. */
  config(): CadSettings;
  readonly api: Pick<CadApi, 'isEnabled' | 'request'>;
  /** Keeps the servers of the list over restarts. */
  readonly store: ListStore;
  /** The game's port; 0 when it is not known. */
  readonly gamePort: number;
  readonly resourceName: string;
  /** False beside the official resource: then nothing is written. */
  mayRegister(): boolean;
  /** Stands in for the echo services. */
  readonly askAddress?: AskAddress;
  /** Stands in for `dns.lookup`. */
  readonly lookup?: SystemLookup;
  readonly clock: Clock;
}

/** What has become of writing the entry; `none`: nothing was to be written, or this run may not. */
type Writing =
  | { readonly kind: 'none' | 'pending' }
  | { readonly kind: 'done'; readonly change: Comparison['change'] }
  | { readonly kind: 'failed'; readonly why: string };

/** Why the list must not be written although something in it should be changed. */
type Obstacle =
  /** `community`: it is not certain whose list it is. `large`: it cannot be kept, so that a loss would not be noticed. */
  | { readonly kind: 'community' | 'large' | 'damaged' | 'empty' | 'shorter' }
  /** It is not all of the list. */
  | { readonly kind: 'partial'; readonly why: string }
  /** Entries of other servers are not in it any more. */
  | { readonly kind: 'lost'; readonly servers: ServerList };

/** What the CAD said, and what it was compared with. */
export interface Facts {
  readonly config: CadSettings;
  /** The configuration by which the CAD was asked, maybe before a reload. */
  readonly askedBy: CadSettings;
  readonly resourceName: string;
  readonly version: { readonly version: number; readonly name: string };
  readonly community: ApiResult<{ comId: string; name: string }>;
  /** What the echo services said; null when they were not asked, or do not agree. */
  readonly askedAddress: string | null;
  /** Whether the operator has said that the list may be written as it is. */
  readonly isConfirmed: boolean;
  readonly settings: Settings;
  readonly servers: ServerList;
  readonly comparison: Comparison;
  readonly obstacle: Obstacle | null;
  readonly writing: Writing;
}

/** What is known when there are no facts. */
export interface Unanswered {
  readonly facts: null;
  /** The request that came to nothing; null when nothing may be asked. */
  readonly error: ApiError | null;
  readonly version: Facts['version'] | null;
}

type AskedBefore = Pick<Facts, 'askedBy' | 'version' | 'community' | 'askedAddress' | 'isConfirmed'>;
type Servers = Pick<Extract<Reading, { ok: true }>, 'servers' | 'partial'>;

/** Finds out how this server's entry stands. Writes nothing to the CAD. */
export class FactsReader {
  readonly #options: FactsReaderOptions;
  readonly #known: KnownServers;
  readonly #askAddress: AskAddress;
  readonly #hosts: HostLookup;
  /** The number of the community's plan; -1 when it is not known. */
  plan = -1;
  /** How many servers the list had when it was last read; 1 when it is not known. */
  serverCount = 1;

  constructor(options: FactsReaderOptions) {
    const { config, clock, store } = options;
    this.#options = options;
    this.#known = new KnownServers(store);
    this.#askAddress = options.askAddress ?? createPublicAddress(() => config().addressServices, clock);
    this.#hosts = new HostLookup({ clock, lookup: options.lookup });
  }

  /** Asks the CAD all there is to ask; the plan first, so that a refused key is refused once. Writes nothing. */
  async ask(): Promise<{ readonly facts: Facts } | Unanswered> {
    const { config, api } = this.#options;
    const askedBy = config();
    const unanswered = (error: ApiError, version: Facts['version'] | null): Unanswered => ({
      facts: null,
      error: error.kind === 'disabled' ? null : error,
      version,
    });
    if (!api.isEnabled()) return { facts: null, error: null, version: null };
    const version = await api.request('getVersion', {});
    if (!version.ok) return unanswered(version.error, null);
    this.plan = version.data.version;
    const [community, reading] = await Promise.all([api.request('getCommunity', {}), readServerList(api.request)]);
    if (!reading.ok) return unanswered(reading.error, version.data);
    // An address that is configured, or is not going to be compared, is not asked for.
    const isNeeded = config().publicHost === '' && config().registration !== 'off';
    const askedAddress = isNeeded ? await this.#askAddress() : null;
    const asked = { askedBy, version: version.data, community, askedAddress, isConfirmed: false };
    return { facts: await this.#factsOf(asked, reading) };
  }

  /** @returns how a list stands to the configuration in force, and to what was known of it */
  async #factsOf(before: AskedBefore, { servers, partial }: Servers): Promise<Facts> {
    const { resourceName } = this.#options;
    const config = this.#options.config();
    const owner = this.#ownerOf(before);
    const settings = this.#settingsOf(before);
    const obstacle: Obstacle | null =
      owner === null ? { kind: 'community' } : this.#take(owner, servers, partial, before.isConfirmed);
    const known = owner === null ? null : this.#known.find(owner, settings.serverId);
    const comparison = await compareEntry(servers, settings, this.#hosts, known);
    this.serverCount = Math.max(1, servers.length);
    return { ...before, config, resourceName, settings, servers, comparison, obstacle, writing: { kind: 'none' } };
  }

  /** Adds a list to what is known. @returns why it must not be written; null when it may */
  #take(owner: string, servers: ServerList, partial: string | null, isConfirmed: boolean): Obstacle | null {
    const { serverId } = this.#options.config();
    const { lost, isShorter, isKept } = this.#known.take(owner, servers, serverId);
    if (partial !== null) return { kind: 'partial', why: partial };
    if (!isKept) return { kind: 'large' };
    if (this.#known.isDamaged) return { kind: 'damaged' };
    if (servers.length === 0 && !isConfirmed) return { kind: 'empty' };
    if (lost.length > 0) return { kind: 'lost', servers: lost };
    return isShorter ? { kind: 'shorter' } : null;
  }

  /** @returns under what a community's list is kept; null when it is not certain whose list was read */
  #ownerOf({ askedBy, community }: Pick<Facts, 'askedBy' | 'community'>): string | null {
    const asked = this.#options.config();
    // After a change of the key the community and the list may be of two keys.
    if (!community.ok || !isSameAccount(askedBy, asked)) return null;
    const comId = community.data.comId.trim().toLowerCase();
    return comId === '' ? null : `${apiHost(asked)} ${comId}`;
  }

  /** @returns what the configuration in force comes to, by what the CAD said */
  #settingsOf({ version, community, askedAddress }: AskedBefore): Settings {
    const { config, gamePort, mayRegister } = this.#options;
    const comId = community.ok ? community.data.comId : null;
    const about = { gamePort, mayRegister: mayRegister(), community: comId, plan: version.version, askedAddress };
    return settingsOf(config(), about);
  }

  /** Whether the configuration in force lets anything be written, to the list that the facts are about. */
  mayWrite(facts: Facts): boolean {
    return isSameAccount(facts.askedBy, this.#options.config()) && writes(this.#settingsOf(facts));
  }

  /** Reads the list once more. @returns null when the configuration in force is of another key by now */
  async readAgain(facts: Facts) {
    if (!isSameAccount(facts.askedBy, this.#options.config())) return null;
    const reading = await readServerList(this.#options.api.request, { isThorough: true });
    if (!isSameAccount(facts.askedBy, this.#options.config())) return null;
    if (!reading.ok) return reading;
    return { ok: true as const, facts: await this.#factsOf(facts, reading) };
  }

  /** Adds servers to what is known of the list. */
  remember(facts: Facts, servers: ServerList): void {
    const owner = this.#ownerOf(facts);
    if (owner !== null) this.#known.take(owner, servers, facts.settings.serverId);
  }

  /** Takes the list of these facts for right on the operator's word, unless it is not certain that it is the whole list. */
  async confirm(facts: Facts): Promise<Facts> {
    const owner = this.#ownerOf(facts);
    const { kind } = facts.obstacle ?? {};
    if (owner === null || kind === 'partial' || kind === 'large') return facts;
    this.#known.replace(owner, facts.servers, facts.settings.serverId);
    return this.#factsOf({ ...facts, isConfirmed: true }, { servers: facts.servers, partial: null });
  }
}

/** What is known of the lists of communities. */
const knownLists = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(
    v.object({
      community: v.string(),
      /** How long it was at its longest. */
      length: v.pipe(v.number(), v.integer()),
      /** Every server that a reading has shown, as it was last read. */
      servers: v.pipe(v.array(serverEntry), v.readonly()),
    }),
  ),
);
type KnownList = Readonly<v.InferOutput<typeof knownLists>[number]>;

const KEY = 'lists';
const MAX_COMMUNITIES = 4;
/** Characters of JSON. A list beyond it is not written to, since it cannot be kept. */
const MAX_KEPT = 500_000;

/** Remembers the servers of the CAD's list over restarts, for each community apart: a list may come without some of them. */
class KnownServers {
  readonly #store: ListStore;
  #lists: readonly KnownList[] | null = null;
  #isDamaged = false;

  constructor(store: ListStore) {
    this.#store = store;
  }

  /** Whether what was kept cannot be read, so that it is not known what the list had. */
  get isDamaged(): boolean {
    this.#load();
    return this.#isDamaged;
  }

  /** @returns an entry as it was last read; null when no reading has shown it */
  find(community: string, serverId: number): ServerEntry | null {
    return this.#of(community).servers.find((entry) => idOf(entry) === String(serverId)) ?? null;
  }

  /**
   * Adds what a reading has shown to what is known. Nothing is forgotten.
   *
   * @returns the entries of other servers that earlier readings had, and whether the list could be kept
   */
  take(community: string, servers: ServerList, serverId: number) {
    const known = this.#of(community);
    const ids = new Set(servers.map(idOf));
    const missing = known.servers.filter((entry) => !ids.has(idOf(entry)));
    const length = Math.max(known.length, servers.length);
    const isKept = this.#keep({ community, length, servers: [...servers, ...missing] });
    const lost = missing.filter((entry) => idOf(entry) !== String(serverId));
    return { lost, isShorter: servers.length < known.length, isKept };
  }

  /** Believes a list on the operator's word: servers that it lacks are forgotten, but for this one's entry. */
  replace(community: string, servers: ServerList, serverId: number): void {
    const own = this.find(community, serverId);
    const isMissing = own !== null && !servers.some((entry) => idOf(entry) === String(serverId));
    this.#isDamaged = false;
    this.#keep({ community, length: servers.length, servers: isMissing ? [...servers, own] : servers });
  }

  #of(community: string): KnownList {
    return this.#load().find((list) => list.community === community) ?? { community, length: 0, servers: [] };
  }

  #load(): readonly KnownList[] {
    if (this.#lists !== null) return this.#lists;
    const read = v.safeParse(knownLists, this.#store.get(KEY) ?? '[]');
    this.#isDamaged = !read.success;
    this.#lists = read.success ? read.output : [];
    return this.#lists;
  }

  #keep(list: KnownList): boolean {
    const others = this.#load().filter(({ community }) => community !== list.community);
    if (JSON.stringify(list).length > MAX_KEPT) return false;
    const before = JSON.stringify(this.#lists);
    this.#lists = [list, ...others].slice(0, MAX_COMMUNITIES);
    const text = JSON.stringify(this.#lists);
    // What cannot be read stays until the operator has spoken.
    if (!this.#isDamaged && text !== before) this.#store.set(KEY, text);
    return true;
  }
}

/**
 * Asks every service at once, and believes the public IPv4 address that most of them give, if it is at least two on different
 * hosts and no other address has as many. Takes 5 s at most.
 *
 * @param services URLs that answer with the asker's address
 */
export function createPublicAddress(services: () => readonly string[], clock: Clock): AskAddress {
  async function ask(url: string): Promise<string | null> {
    const limits = { deadlineMs: ECHO_DEADLINE_MS, maxAnswerBytes: MAX_ANSWER_BYTES };
    const answer = await sendOnce({ url, ...limits }, clock).exchange;
    const read = v.safeParse(address, answer.kind === 'answered' && answer.status === 200 ? answer.body : null);
    return read.success ? read.output : null;
  }

  return async () => {
    const hosts = new Map(services().map((url) => [new URL(url).host, url]));
    const votes = new Map<string, number>();
    for (const address of await Promise.all([...hosts.values()].map(ask))) {
      if (address !== null) votes.set(address, (votes.get(address) ?? 0) + 1);
    }
    const [[first, most] = [null, 0], [, second] = ['', 0]] = [...votes].sort(([, a], [, b]) => b - a);
    return most >= MUST_AGREE && most > second ? first : null;
  };
}
