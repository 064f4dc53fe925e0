/**
 * What the outbox is kept in: text under keys of printable ASCII. Values hold no NUL and no lone surrogates. Every change
 * survives a killed process at once, and a power cut once it was flushed. Not every store
 * reports a change that it could not make: read back where you need to know (see `checked-store.ts`).
 */
export interface KeyValueStore {
  /** @returns null when there is no such key */
  get(key: string): string | null;
  set(key: string, value: string): void;
  delete(key: string): void;
  /** Waits until all changes so far are on disk: blocks, and takes as long as the disk does. */
  flush(): void;
  /**
   * The keys that begin with a prefix, in bytewise order, as they are now or when each is come to. The walk holds
   * something that is scarce: go to its end, leave the loop, or call `return()`.
   *
   * @throws when the store has no more walks to give
   */
  keys(prefix: string): IterableIterator<string>;
}

/**
 * The game server's own database (see docs/architecture.md), as far as it belongs to this resource.
 *
 * @param prefix put before every key: the official resource of this name keeps its own things in the same database
 */
export function createKvpStore(prefix: string): KeyValueStore {
  return {
    // The published typings promise a string; the native gives null for a key that is not there.
    get: (key) => GetResourceKvpString(prefix + key) as string | null,
    set: (key, value) => SetResourceKvpNoSync(prefix + key, value),
    delete: (key) => DeleteResourceKvpNoSync(prefix + key),
    flush: () => FlushResourceKvp(),
    keys: (wanted) => walk(prefix + wanted, prefix.length),
  };
}

/** Takes its handle when the walk begins: a walk that never began could not give it back. */
function* walk(prefix: string, cut: number): Generator<string, void, undefined> {
  const handle = StartFindKvp(prefix);
  // 0 is a handle like any other; all resources share 64, and lose those that are never ended.
  if (handle === -1) throw new Error('the game server has no free handle to search its database (KVP)');
  try {
    for (;;) {
      const key = FindKvp(handle) as string | null;
      if (key === null) return;
      yield key.slice(cut);
    }
  } finally {
    EndFindKvp(handle);
  }
}
