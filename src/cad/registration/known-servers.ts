import * as v from 'valibot';
import type { KeyValueStore } from '../../platform/kvp-store.ts';
import { serverEntry } from '../api/inputs.ts';
import { idOf, type ServerList } from './server-list.ts';

/** The part of the game server's database (KVP) that stores the lists. */
export type ListStore = Pick<KeyValueStore, 'get' | 'set'>;

const storedList = v.pipe(v.string(), v.parseJson(), v.array(serverEntry), v.readonly());

/** Stores every server that a community's list has shown, because a later list may lack some of them. */
export class KnownServers {
  readonly #store: ListStore;

  constructor(store: ListStore) {
    this.#store = store;
  }

  /** @returns the known servers of a community; null when the stored list is damaged */
  of(community: string): ServerList | null {
    const parsed = v.safeParse(storedList, this.#store.get(keyOf(community)) ?? '[]');
    return parsed.success ? parsed.output : null;
  }

  /**
   * Adds the servers of a list, and updates the known ones. A damaged list is kept until the operator confirms a new
   * one.
   */
  add(community: string, list: ServerList): void {
    const known = this.of(community);
    if (known !== null) this.replace(community, [...list, ...missingFrom(list, known)]);
  }

  /** Forgets all servers except the given ones. */
  replace(community: string, servers: ServerList): void {
    const text = JSON.stringify(servers);
    if (text !== this.#store.get(keyOf(community))) this.#store.set(keyOf(community), text);
  }
}

/** @returns the known servers that a list lacks */
export function missingFrom(list: ServerList, known: ServerList): ServerList {
  const ids = new Set(list.map(idOf));
  return known.filter((entry) => !ids.has(idOf(entry)));
}

/** The database's keys are printable ASCII, so the community's id is escaped. */
const keyOf = (community: string): string => `list ${encodeURIComponent(community)}`;
