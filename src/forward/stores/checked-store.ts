import { randomUUID } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { KeyValueStore } from '../../platform/kvp-store.ts';
import type { StoreStatus } from '../forwarding-status.ts';
import { CANARY_KEY, COUNTER_KEY, DEAD_LETTER_PREFIX, EVENT_PREFIX } from '../outbox/store-keys.ts';
import type { ScheduledTask, Scheduler } from '../scheduler.ts';

const FLUSH_EVERY_MS = 2_000;
const FLUSH_EVERY_AT_MOST_MS = 60_000;
/** A flush is an fsync on the game's main thread: when one takes longer, they become rarer. */
const LONG_FLUSH_MS = 5;
const RETRY_BROKEN_MS = 10_000;
const MAX_EVENTS_IN_MEMORY = 1_000;
const MAX_BYTES_IN_MEMORY = 8 * 1024 * 1024;

/**
 * A store that finds out whether it keeps what is written to it: KVP reports no errors, not even a full disk. At the
 * start, right after the first change since a flush, and at each flush, it writes a canary and reads it back. Until the
 * canary was found, changes are kept in memory too, where reading looks first. Without a canary the store is broken:
 * only memory is used until a canary comes back, and then everything in memory is written.
 */
export class CheckedStore {
  readonly #store: KeyValueStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #flushTask: ScheduledTask;
  readonly #proofTask: ScheduledTask;
  readonly #retryTask: ScheduledTask;
  /** Changes since the last canary that was found, in the order in which they were made; null for a deletion. */
  readonly #unproven = new Map<string, string | null>();
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

  constructor(store: KeyValueStore, scheduler: Scheduler, clock: Clock, log: Log) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#flushTask = scheduler.task(() => this.#flush());
    this.#proofTask = scheduler.task(() => this.prove());
    this.#retryTask = scheduler.task(() => this.#retry());
  }

  get(key: string): string | null {
    const held = this.#unproven.get(key);
    if (held !== undefined || this.#unusedBecause !== null) return held ?? null;
    return this.#store.get(key);
  }

  delete(key: string): void {
    // While the store is broken, memory would grow with a deletion for each event that comes and goes.
    if (this.#isBroken && this.#unproven.get(key)) this.#forget(key);
    else this.#change(key, null);
  }

  set(key: string, value: string): void {
    this.#change(key, value);
  }

  /** Checks at once whether the store keeps what it is given. */
  prove(): void {
    if (!this.#isBroken) this.#prove(false);
  }

  /** Whether the store is broken and memory holds more than it may: something has to be dropped. */
  get isOverfull(): boolean {
    return this.#isBroken && this.#isFull();
  }

  /** @returns the oldest key with this prefix that has a value in memory, or null */
  oldestInMemory(prefix: string): string | null {
    for (const [key, value] of this.#unproven) if (value !== null && key.startsWith(prefix)) return key;
    return null;
  }

  /** Leaves the store as it is: from now on only memory is used. */
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

  /** Flushes for the last time, or tries once more to write what memory holds. */
  stop(): void {
    if (this.#unusedBecause !== null) return;
    if (this.#isBroken) this.#retry();
    else this.#flush();
  }

  #change(key: string, value: string | null): void {
    this.#remember(key, value);
    if (this.#isBroken) return;
    if (!this.#write(key, value)) {
      this.#turnBroken();
      return;
    }
    if (!this.#isDirty) {
      const now = this.#clock.monotonic();
      this.#flushTask.at(now + this.#flushes.flushEveryMs);
      this.#proofTask.at(now);
    }
    this.#isDirty = true;
    if (this.#isFull()) this.prove();
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

  #isCanaryFound(alsoFlush: boolean): boolean {
    const canary = randomUUID();
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

  #prove(alsoFlush: boolean): void {
    if (this.#isCanaryFound(alsoFlush)) this.#forgetAll();
    else this.#turnBroken();
  }

  #forgetAll(): void {
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
    this.#retryLater();
    this.#log.error(
      'The database does not keep what is written to it (is the disk full?). Events that wait to be forwarded are kept ' +
        `in memory, which holds the newest ${MAX_EVENTS_IN_MEMORY}: they are lost when the server stops.`,
    );
  }

  #retryLater(): void {
    this.#retryTask.at(this.#clock.monotonic() + RETRY_BROKEN_MS);
  }

  #retry(): void {
    if (this.#unusedBecause !== null) return;
    if (!this.#isCanaryFound(true) || !this.#writeBack() || !this.#isCanaryFound(true)) {
      this.#retryLater();
      return;
    }
    this.#isBroken = false;
    this.#forgetAll();
    this.#log.info('The database keeps what is written to it again.');
  }

  /**
   * Writes what memory holds. A process that dies in between must lose nothing: the counter comes first, so that no
   * sequence number is assigned twice, and deletions come last, so that what replaces a record is there before it goes.
   *
   * @returns false when the store reported a failure
   */
  #writeBack(): boolean {
    const rank = ([key, value]: readonly [string, string | null]) => (key === COUNTER_KEY ? 0 : value !== null ? 1 : 2);
    const inOrder = [...this.#unproven].sort((a, b) => rank(a) - rank(b));
    return inOrder.every(([key, value]) => this.#write(key, value));
  }

  #isFull(): boolean {
    return this.#events > MAX_EVENTS_IN_MEMORY || this.#bytes > MAX_BYTES_IN_MEMORY;
  }
}

/** The records that are large and many. */
function isEvent(key: string): boolean {
  return key.startsWith(EVENT_PREFIX) || key.startsWith(DEAD_LETTER_PREFIX);
}
