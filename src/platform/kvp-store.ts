/**
 * A key-value store that the outbox and other parts persist in. Keys are printable ASCII; values are text without NUL and
 * lone surrogates. A change survives a killed process at once, and a power cut after `flush`.
 *
 * A store may fail to write without an error: FXServer's KVP database reports none. `forward/stores/checked-store.ts` reads
 * back where a failed write must be noticed.
 */
export interface KeyValueStore {
  /** Returns null for a missing key. */
  get(key: string): string | null;
  set(key: string, value: string): void;
  delete(key: string): void;
  /** Blocks until all changes so far are on disk. */
  flush(): void;
  /**
   * Iterates over the keys with a prefix, in bytewise order. A change during the iteration may or may not be seen.
   *
   * The iterator may hold a scarce handle until it ends: iterate to the end, leave the loop, or call `return()`.
   *
   * @throws when the store has no free handle
   */
  keys(prefix: string): IterableIterator<string>;
}

/**
 * Opens this resource's part of the game server's KVP database.
 *
 * @param prefix put before every key; the official resource keeps its own keys in the same database when it has our name
 */
export function createKvpStore(prefix: string): KeyValueStore {
  return {
    // The published typings promise a string; the native returns null for a missing key.
    get: (key) => GetResourceKvpString(prefix + key) as string | null,
    set: (key, value) => SetResourceKvpNoSync(prefix + key, value),
    delete: (key) => DeleteResourceKvpNoSync(prefix + key),
    flush: () => FlushResourceKvp(),
    keys: (keyPrefix) => iterateKeys(prefix + keyPrefix, prefix.length),
  };
}

/**
 * Takes a search handle with the first key and ends it after the last.
 *
 * @param prefixLength characters that are cut from each key
 */
function* iterateKeys(prefix: string, prefixLength: number): Generator<string, void, undefined> {
  const handle = StartFindKvp(prefix);

  // All resources share 64 handles, 0 to 63; a handle that is never ended stays lost until the server restarts.
  if (handle === -1) {
    throw new Error('The game server has no free handle to search its database (KVP): another resource leaks them.');
  }

  try {
    for (;;) {
      const key = FindKvp(handle) as string | null;
      if (key === null) return;
      yield key.slice(prefixLength);
    }
  } finally {
    EndFindKvp(handle);
  }
}
