import type { KeyValueStore } from '../forward/store/key-value-store.ts';

/**
 * The game server's own database (fxserver.md §5), as far as it belongs to this resource.
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

/** Takes its handle when the walk begins: of one that never began nobody could give it back. */
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
