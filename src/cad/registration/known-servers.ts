import * as v from 'valibot';
import type { KeyValueStore } from '../../platform/kvp-store.ts';
import { serverEntry } from '../api/inputs.ts';
import { idOf, type ServerList } from './server-list.ts';

/** The part of the game server's database (KVP) that the lists are kept in. */
export type ListStore = Pick<KeyValueStore, 'get' | 'set'>;

const storedList = v.pipe(v.string(), v.parseJson(), v.array(serverEntry), v.readonly());
/** Characters of JSON. */
const MAX_STORED_LENGTH = 500_000;

/** Remembers across restarts every server that a community's list has shown, because a list may come without some of them. */
export class KnownServers {
  readonly #store: ListStore;

  constructor(store: ListStore) {
    this.#store = store;
  }

  /** @returns every server that a list of the community has shown; null when what is stored cannot be read */
  of(community: string): ServerList | null {
    const read = v.safeParse(storedList, this.#store.get(keyOf(community)) ?? '[]');
    return read.success ? read.output : null;
  }

  /** Adds the servers of a list to the known ones. @returns whether there was room for all of them */
  add(community: string, list: ServerList): boolean {
    const known = this.of(community);
    // What cannot be read stays as it is until the operator has confirmed a list.
    if (known === null) return true;
    return this.replace(community, [...list, ...missingFrom(list, known)]);
  }

  /** Forgets all servers but these. @returns whether there was room for all of them */
  replace(community: string, servers: ServerList): boolean {
    const text = JSON.stringify(servers);
    if (text.length > MAX_STORED_LENGTH) return false;
    if (text !== this.#store.get(keyOf(community))) this.#store.set(keyOf(community), text);
    return true;
  }
}

/** @returns the known servers that a list lacks */
export function missingFrom(list: ServerList, known: ServerList): ServerList {
  const ids = new Set(list.map(idOf));
  return known.filter((entry) => !ids.has(idOf(entry)));
}

/** A key of the store takes printable ASCII only. */
const keyOf = (community: string): string => `list ${encodeURIComponent(community)}`;
