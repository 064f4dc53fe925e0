/**
 * What the outbox is kept in: text under keys of printable ASCII. Values hold no NUL and no lone surrogates. Every change
 * survives a killed process at once, and a power cut once it was flushed. A change that could not be made is not reported
 * by every store: whoever needs to know reads back (see `checked-store.ts`).
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
