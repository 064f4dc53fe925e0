import type { KeyValueStore } from '../../src/platform/kvp-store.ts';

/** A store in memory that can be looked into, killed and broken. */
export interface MemoryStore extends KeyValueStore {
  readonly values: Map<string, string>;
  /** While true every change silently does nothing, which is how a full disk looks under KVP. */
  broken: boolean;
  /** Changes made so far, `key=value` or `key` for a deletion. */
  readonly changes: string[];
  readonly flushes: number;
  /** Values that were read. */
  readonly reads: string[];
  /** Called with each flush, so that it can take time. */
  onFlush: () => void;
  /** Walks that were begun and not ended. */
  readonly openWalks: number;
  /** Walks that can be begun before the store has no more to give. */
  walksLeft: number;
}

/** @returns what a process has left that died after these changes */
export function valuesAfter(changes: MemoryStore['changes']): Map<string, string> {
  const values = new Map<string, string>();
  for (const change of changes) {
    const [, key = change, value] = /^([^=]*)=([\s\S]*)$/.exec(change) ?? [];
    if (value === undefined) values.delete(key);
    else values.set(key, value);
  }
  return values;
}

export function createMemoryStore(values = new Map<string, string>()): MemoryStore {
  let flushes = 0;
  let openWalks = 0;
  const store: MemoryStore = {
    values,
    broken: false,
    changes: [],
    reads: [],
    onFlush: () => {},
    walksLeft: Number.POSITIVE_INFINITY,
    get flushes() {
      return flushes;
    },
    get openWalks() {
      return openWalks;
    },
    get(key) {
      store.reads.push(key);
      return values.get(key) ?? null;
    },
    set(key, value) {
      if (store.broken) return;
      store.changes.push(`${key}=${value}`);
      values.set(key, value);
    },
    delete(key) {
      if (store.broken) return;
      store.changes.push(key);
      values.delete(key);
    },
    flush() {
      flushes += 1;
      store.onFlush();
    },
    keys(prefix) {
      if (store.walksLeft <= 0) throw new Error('no walk left');
      store.walksLeft -= 1;
      const found = [...values.keys()].filter((key) => key.startsWith(prefix)).sort();
      return walk(found);
    },
  };

  function* walk(found: readonly string[]): Generator<string, void, undefined> {
    openWalks += 1;
    try {
      yield* found;
    } finally {
      openWalks -= 1;
    }
  }

  return store;
}
