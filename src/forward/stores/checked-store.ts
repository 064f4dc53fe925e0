import { randomUUID } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { KeyValueStore } from '../../platform/kvp-store.ts';
import type { StoreStatus } from '../forwarding-status.ts';
import { type Scheduler, SLICE_MS } from '../scheduler.ts';

const FLUSH_EVERY_MS = 2_000;
const FLUSH_EVERY_AT_MOST_MS = 60_000;
/** A flush is an fsync on the game's main thread: when one takes longer, they become rarer. */
const LONG_FLUSH_MS = 5;
const RETRY_BROKEN_MS = 10_000;
const MAX_EVENTS_IN_MEMORY = 1_000;
const MAX_BYTES_IN_MEMORY = 8 * 1024 * 1024;
const CANARY_KEY = 'k';
/** Before the canary while memory is written to a mended store: it holds some of the changes then, in any order. */
const MENDING = 'mending ';

/**
 * A store that finds out whether what was written is there: KVP reports no errors, not even a full disk. At the start, right after the
 * first change since a flush and at each flush it writes a canary and reads it back. Until the canary was found, the changes are kept in
 * memory too, where reading looks first. When it is not found, the store is broken: only memory is used until a canary comes back, and
 * then everything in memory is written.
 */
export class CheckedStore {
  /** Whether an earlier run ended in the middle of writing memory to a mended store. */
  readonly endedWithinMending: boolean;
  readonly #store: KeyValueStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #flushTask: ReturnType<Scheduler['task']>;
  readonly #proofTask: ReturnType<Scheduler['task']>;
  readonly #mendTask: ReturnType<Scheduler['task']>;
  /** Changes since the last canary that was found; null for a deletion. In the order in which they were made. */
  readonly #unproven = new Map<string, string | null>();
  /** Keys that the store has never been given, because they were first set while it was broken. */
  readonly #memoryOnly = new Set<string>();
  #events = 0;
  #bytes = 0;
  #isBroken = false;
  #unusedBecause: string | null = null;
  #flushes: Pick<StoreStatus, 'lastFlushMs' | 'longestFlushMs' | 'flushEveryMs'> = {
    lastFlushMs: null,
    longestFlushMs: null,
    flushEveryMs: FLUSH_EVERY_MS,
  };
  #isDirty = false;
  /** The walk over memory, while it is written to the mended store. */
  #mending: IterableIterator<[string, string | null]> | null = null;

  constructor(store: KeyValueStore, scheduler: Scheduler, clock: Clock, log: Log) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.endedWithinMending = store.get(CANARY_KEY)?.startsWith(MENDING) ?? false;
    this.#flushTask = scheduler.task(() => this.#flush());
    this.#proofTask = scheduler.task(() => this.prove());
    this.#mendTask = scheduler.task(() => this.#tryToMend());
  }

  get(key: string): string | null {
    const held = this.#unproven.get(key);
    if (held !== undefined || this.#unusedBecause !== null) return held ?? null;
    return this.#store.get(key);
  }

  delete(key: string): void {
    this.set(key, null);
  }

  /** @param value null to delete the key */
  set(key: string, value: string | null) {
    if (this.#isBroken) return this.#changeInMemory(key, value);
    this.#remember(key, value);
    if (!this.#write(key, value)) return this.#turnBroken();
    if (!this.#isDirty) {
      const now = this.#clock.monotonic();
      this.#flushTask.at(now + this.#flushes.flushEveryMs);
      this.#proofTask.at(now);
    }
    this.#isDirty = true;
    if (this.#isFull()) this.prove();
  }

  /** Sees at once whether the store keeps what it is given. */
  prove(): void {
    if (!this.#isBroken) this.#prove(false);
  }

  /** Whether the store is broken and memory holds more than it may: something has to be dropped. */
  get isOverfull(): boolean {
    return this.#isBroken && this.#isFull();
  }

  /** @returns the oldest key in memory that begins so and has a value, or null */
  oldestInMemory(prefix: string): string | null {
    for (const [key, value] of this.#unproven) if (value !== null && key.startsWith(prefix)) return key;
    return null;
  }

  /** From now on only memory is used, and the store left as it is. */
  detach(reason: string): void {
    this.#isBroken = true;
    this.#unusedBecause = reason;
    const message = 'Events wait to be forwarded in memory only: what waits is lost when the server stops.';
    this.#log.error(message, { reason });
  }

  status(): StoreStatus {
    return {
      broken: this.#isBroken,
      unusedBecause: this.#unusedBecause,
      ...this.#flushes,
      eventsInMemory: this.#events,
    };
  }

  /** Checks and flushes for the last time. */
  stop() {
    if (this.#unusedBecause !== null) return;
    if (!this.#isBroken) return this.#flush();
    if (!this.#isCanaryFound(false, MENDING)) return;
    for (const [key, value] of this.#unproven) if (!this.#write(key, value)) return;
    this.#isCanaryFound(true);
  }

  #changeInMemory(key: string, value: string | null) {
    const isUnknown = !this.#unproven.has(key);
    if (value === null && this.#memoryOnly.delete(key)) return this.#forget(key);
    // Another key than these may well be in the store, long proven.
    if (value !== null && isUnknown && isUsedOnce(key)) this.#memoryOnly.add(key);
    this.#remember(key, value);
  }

  #remember(key: string, value: string | null): void {
    this.#forget(key);
    this.#unproven.set(key, value);
    if (value === null || !isEvent(key)) return;
    this.#events += 1;
    this.#bytes += value.length;
  }

  #forget(key: string): void {
    const value = this.#unproven.get(key);
    this.#unproven.delete(key);
    if (typeof value !== 'string' || !isEvent(key)) return;
    this.#events -= 1;
    this.#bytes -= value.length;
  }

  /** @returns false only for a store that says so when it fails */
  #write(key: string, value: string | null): boolean {
    try {
      if (value === null) this.#store.delete(key);
      else this.#store.set(key, value);
      return true;
    } catch {
      return false; // the store counts as broken then, which the operator is told
    }
  }

  #isCanaryFound(alsoFlush: boolean, words = ''): boolean {
    const canary = words + randomUUID();
    try {
      this.#store.set(CANARY_KEY, canary);
      if (alsoFlush) this.#flushTimed();
      return this.#store.get(CANARY_KEY) === canary;
    } catch {
      return false; // as above
    }
  }

  #flushTimed(): void {
    const began = this.#clock.monotonic();
    this.#store.flush();
    const took = this.#clock.monotonic() - began;
    const { longestFlushMs, flushEveryMs } = this.#flushes;
    const isLong = took > LONG_FLUSH_MS;
    this.#flushes = {
      lastFlushMs: took,
      longestFlushMs: Math.max(longestFlushMs ?? 0, took),
      flushEveryMs: isLong
        ? Math.min(flushEveryMs * 2, FLUSH_EVERY_AT_MOST_MS)
        : Math.max(flushEveryMs / 2, FLUSH_EVERY_MS),
    };
  }

  #prove(alsoFlush: boolean) {
    if (!this.#isCanaryFound(alsoFlush)) return this.#turnBroken();
    this.#unproven.clear();
    this.#events = 0;
    this.#bytes = 0;
  }

  #flush(): void {
    if (!this.#isDirty || this.#isBroken) return;
    this.#isDirty = false;
    this.#prove(true);
  }

  #turnBroken(): void {
    this.#isBroken = true;
    this.#isDirty = false;
    this.#mendLater();
    this.#log.error(
      `The database in which events wait to be forwarded does not keep what is written to it (is the disk full?). Forwarding goes on from memory, which holds the newest ${MAX_EVENTS_IN_MEMORY} events: what waits is lost when the server stops.`,
    );
  }

  #mendLater(): void {
    this.#mendTask.at(this.#clock.monotonic() + RETRY_BROKEN_MS);
  }

  #tryToMend() {
    if (this.#unusedBecause !== null) return;
    if (this.#mending === null && !this.#isCanaryFound(true, MENDING)) return this.#mendLater();
    this.#mending ??= this.#unproven.entries();
    const began = this.#clock.monotonic();
    for (let next = this.#mending.next(); !next.done; next = this.#mending.next()) {
      const [key, value] = next.value;
      this.#memoryOnly.delete(key);
      if (!this.#write(key, value)) {
        this.#mending = null;
        return this.#mendLater();
      }
      if (this.#clock.monotonic() - began > SLICE_MS) return this.#mendTask.at(this.#clock.monotonic());
    }
    this.#mending = null;
    this.#isBroken = false;
    this.#isDirty = true;
    this.#log.info('The database in which events wait to be forwarded works again.');
    this.#flush();
  }

  #isFull(): boolean {
    return this.#events > MAX_EVENTS_IN_MEMORY || this.#bytes > MAX_BYTES_IN_MEMORY;
  }
}

/** The records that are large and many; cursors and marks are neither. */
function isEvent(key: string): boolean {
  return key.startsWith('o/') || key.startsWith('d/');
}

/** Keys that are set once, and never again after they were deleted: those of events and of the names of dead letters. */
function isUsedOnce(key: string): boolean {
  return isEvent(key) || key.startsWith('b/');
}
