import type { Clock } from '../../platform/clock.ts';
import type { KeyValueStore } from '../../platform/kvp-store.ts';
import type { Log } from '../../platform/log.ts';
import { type Scheduler, SLICE_MS } from '../lanes/scheduler.ts';

/** How the store is doing, for the operator. */
export interface StoreStatus {
  /** Whether it keeps what it is given; while it does not, forwarding goes on from memory. */
  readonly broken: boolean;
  /** Why it is not used at all, null when it is. */
  readonly unusedBecause: string | null;
  /** How long the last flush held the game up; null before the first. */
  readonly lastFlushMs: number | null;
  readonly longestFlushMs: number | null;
  /** Milliseconds between two flushes: 2,000 unless they take long. */
  readonly flushEveryMs: number;
  /** Events and dead letters that only memory is known to hold. */
  readonly eventsInMemory: number;
}

/** A store that is written without waiting, and that finds out whether what was written is there. */
export interface CheckedStore {
  get(key: string): string | null;
  set(key: string, value: string): void;
  delete(key: string): void;
  /** Whether memory, with the store broken, holds more than it may: something has to be dropped. */
  readonly isOverfull: boolean;
  /** @returns the oldest key in memory that begins so and has a value, or null */
  oldestInMemory(prefix: string): string | null;
  /** From now on only memory is used, and the store left as it is. */
  detach(reason: string): void;
  status(): StoreStatus;
  /** Checks and flushes for the last time. */
  stop(): void;
}

export interface CheckedStoreOptions {
  readonly store: KeyValueStore;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
}

const FLUSH_EVERY_MS = 2_000;
const FLUSH_EVERY_AT_MOST_MS = 60_000;
/** A flush is an fsync on the game's main thread: when one takes longer, they become rarer. */
const LONG_FLUSH_MS = 5;
const RETRY_BROKEN_MS = 10_000;
const MAX_EVENTS_IN_MEMORY = 1_000;
const MAX_BYTES_IN_MEMORY = 8 * 1024 * 1024;
const CANARY_KEY = 'k';

/**
 * KVP reports no errors, not even a full disk. So a canary is written after the changes and read back, and until it was
 * found the changes are kept in memory too, where reading looks first. When it is not found, memory is all there is:
 * nothing is written until a canary comes back, and then everything that memory holds.
 */
export function createCheckedStore({ store, clock, scheduler, log }: CheckedStoreOptions): CheckedStore {
  /** Changes since the last canary that was found; null for a deletion. In the order in which they were made. */
  const unproven = new Map<string, string | null>();
  /** Keys that the store has never been given, because they were first set while it was broken. */
  const memoryOnly = new Set<string>();
  let events = 0;
  let bytes = 0;
  let broken = false;
  let unusedBecause: string | null = null;
  let flushEveryMs = FLUSH_EVERY_MS;
  let lastFlushMs: number | null = null;
  let longestFlushMs: number | null = null;
  let canaries = 0;
  let dirty = false;
  const born = clock.now();
  const flushTask = scheduler.task(flush);
  const mendTask = scheduler.task(tryToMend);

  function remember(key: string, value: string | null): void {
    forget(key);
    unproven.set(key, value);
    if (value === null || !isEvent(key)) return;
    events += 1;
    bytes += value.length;
  }

  function forget(key: string) {
    const value = unproven.get(key);
    unproven.delete(key);
    if (typeof value !== 'string' || !isEvent(key)) return;
    events -= 1;
    bytes -= value.length;
  }

  function change(key: string, value: string | null) {
    if (broken) return changeInMemory(key, value);
    remember(key, value);
    if (!write(key, value)) return turnBroken();
    if (!dirty) flushTask.at(clock.monotonic() + flushEveryMs);
    dirty = true;
    if (isFull()) prove(false);
  }

  function changeInMemory(key: string, value: string | null) {
    const unknown = !unproven.has(key);
    if (value === null && memoryOnly.delete(key)) return forget(key);
    // Only events have keys that are never used twice: another key may well be in the store, long proven.
    if (value !== null && unknown && isEvent(key)) memoryOnly.add(key);
    remember(key, value);
  }

  /** @returns false only for a store that says so when it fails */
  function write(key: string, value: string | null): boolean {
    try {
      if (value === null) store.delete(key);
      else store.set(key, value);
      return true;
    } catch {
      return false; // becomes "broken", which is said, shown and mended
    }
  }

  function canaryIsFound(alsoFlush: boolean): boolean {
    canaries += 1;
    const canary = `${born}/${canaries}`;
    try {
      store.set(CANARY_KEY, canary);
      if (alsoFlush) flushTimed();
      return store.get(CANARY_KEY) === canary;
    } catch {
      return false; // as above
    }
  }

  function flushTimed(): void {
    const began = clock.monotonic();
    store.flush();
    lastFlushMs = clock.monotonic() - began;
    longestFlushMs = Math.max(longestFlushMs ?? 0, lastFlushMs);
    flushEveryMs =
      lastFlushMs > LONG_FLUSH_MS
        ? Math.min(flushEveryMs * 2, FLUSH_EVERY_AT_MOST_MS)
        : Math.max(flushEveryMs / 2, FLUSH_EVERY_MS);
  }

  function prove(alsoFlush: boolean) {
    if (!canaryIsFound(alsoFlush)) return turnBroken();
    unproven.clear();
    events = 0;
    bytes = 0;
  }

  function flush() {
    if (!dirty || broken) return;
    dirty = false;
    prove(true);
  }

  function turnBroken() {
    broken = true;
    dirty = false;
    mendTask.at(clock.monotonic() + RETRY_BROKEN_MS);
    log.error(
      'The database in which events wait to be forwarded does not keep what is written to it (is the disk full?). Forwarding goes on from memory: what waits is lost when the server stops.',
    );
  }

  /** The walk over what memory holds, while the store is given it. */
  let mending: IterableIterator<[string, string | null]> | null = null;

  function tryToMend() {
    if (unusedBecause !== null) return;
    if (mending === null && !canaryIsFound(true)) return mendTask.at(clock.monotonic() + RETRY_BROKEN_MS);
    mending ??= unproven.entries();
    const began = clock.monotonic();
    for (let next = mending.next(); !next.done; next = mending.next()) {
      const [key, value] = next.value;
      memoryOnly.delete(key);
      if (!write(key, value)) {
        mending = null;
        return mendTask.at(clock.monotonic() + RETRY_BROKEN_MS);
      }
      if (clock.monotonic() - began > SLICE_MS) return mendTask.at(clock.monotonic());
    }
    mending = null;
    broken = false;
    dirty = true;
    log.info('The database in which events wait to be forwarded works again.');
    flush();
  }

  function stop() {
    if (unusedBecause !== null) return;
    if (!broken) return flush();
    if (canaryIsFound(false)) for (const [key, value] of unproven) write(key, value);
  }

  const isFull = () => events > MAX_EVENTS_IN_MEMORY || bytes > MAX_BYTES_IN_MEMORY;

  return {
    get(key) {
      const held = unproven.get(key);
      if (held !== undefined || unusedBecause !== null) return held ?? null;
      return store.get(key);
    },
    set: change,
    delete: (key) => change(key, null),
    get isOverfull() {
      return broken && isFull();
    },
    oldestInMemory(prefix) {
      for (const [key, value] of unproven) if (value !== null && key.startsWith(prefix)) return key;
      return null;
    },
    detach(reason) {
      broken = true;
      unusedBecause = reason;
      log.error('Events wait to be forwarded in memory only: what waits is lost when the server stops.', { reason });
    },
    status: () => ({ broken, unusedBecause, lastFlushMs, longestFlushMs, flushEveryMs, eventsInMemory: events }),
    stop,
  };
}

/** The records that are large and many; cursors and marks are neither. */
function isEvent(key: string): boolean {
  return key.startsWith('o/') || key.startsWith('d/');
}
