import * as v from 'valibot';
import { type ServerEntry, serverEntry } from '../api/general-endpoints.ts';
import type { ApiError, ApiResult } from '../api/results.ts';

export type ServerList = readonly ServerEntry[];

/** What registration asks of the CAD. */
export interface RegistrationApi {
  /** False when requests are switched off, or there is no key. */
  isEnabled(): boolean;
  /** The community's plan. */
  getVersion(): Promise<ApiResult<{ version: number; name: string }>>;
  /** The community that the key belongs to. */
  getCommunity(): Promise<ApiResult<{ comId: string; name: string }>>;
  /**
   * @param page which part of the list; all of it when left out
   * @returns also what the answer says beside the list: it may hint that there is more
   */
  getServers(page: {
    limit?: number;
    offset?: number;
  }): Promise<ApiResult<{ readonly servers: ServerList; readonly [more: string]: unknown }>>;
  /** Replaces the whole list. */
  setServers(servers: ServerList): Promise<ApiResult<unknown>>;
}

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
export async function readServerList(
  api: Pick<RegistrationApi, 'getServers'>,
  { isThorough = false } = {},
): Promise<Reading> {
  let servers: ServerList = [];
  let isHinted = false;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await api.getServers(page === 0 ? {} : { limit: PAGE_SIZE, offset: servers.length });
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

/** The part of the game server's database (KVP) that the lists are kept in. */
export interface ListStore {
  get(key: string): string | null;
  set(key: string, value: string): void;
}

/** What is known of the lists of communities. */
const knownLists = v.array(
  v.object({
    community: v.string(),
    /** How long it was at its longest. */
    length: v.pipe(v.number(), v.integer()),
    /** Every server that a reading has shown, as it was last read. */
    servers: v.pipe(v.array(serverEntry), v.readonly()),
  }),
);
type KnownList = Readonly<v.InferOutput<typeof knownLists>[number]>;

const KEY = 'lists';
const MAX_COMMUNITIES = 4;
/** Characters of JSON. A list beyond it is not written to, since it cannot be kept. */
const MAX_KEPT = 500_000;

/** Remembers the servers of the CAD's list over restarts, for each community apart: a list may come without some of them. */
export class KnownServers {
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
    const text = this.#store.get(KEY);
    const lists = text === null ? [] : readLists(text);
    this.#isDamaged = lists === null;
    this.#lists = lists ?? [];
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

/** @returns null when it is not what was written */
function readLists(text: string): KnownList[] | null {
  try {
    const { success, output } = v.safeParse(knownLists, JSON.parse(text));
    return success ? output : null;
  } catch {
    return null;
  }
}
