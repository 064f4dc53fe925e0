import type { Clock } from './clock.ts';

export interface RateLimitOptions {
  /** So many of one key … */
  readonly most: number;
  /** … within any so many milliseconds. */
  readonly windowMs: number;
  /** The same for all keys together; no bound unless given. */
  readonly mostInAll?: number;
  /** Keys that are remembered; beyond it the one that was let through longest ago is forgotten. */
  readonly maxKeys?: number;
}

const MAX_KEYS = 1_000;

/** Lets so much through within any window of time, for each key and perhaps in all. Whatever is refused does not count. */
export class RateLimit<Key extends string | number = string> {
  readonly #options: RateLimitOptions;
  readonly #monotonic: Clock['monotonic'];
  /** When each was let through, oldest first; at most `most` times. The keys are in the order in which they were last let through. */
  readonly #keys = new Map<Key, readonly number[]>();
  #all: number[] = [];

  constructor(options: RateLimitOptions, { monotonic }: Pick<Clock, 'monotonic'>) {
    this.#options = options;
    this.#monotonic = monotonic;
  }

  /** @returns whether one more is within the limits; it is counted then */
  take(key: Key): boolean {
    const { most, mostInAll, maxKeys = MAX_KEYS } = this.#options;
    const now = this.#monotonic();
    const times = this.#recent(key, now);
    if (mostInAll !== undefined) this.#all = this.#within(this.#all, now);
    if (times.length >= most || this.#all.length >= (mostInAll ?? Number.POSITIVE_INFINITY)) return false;
    if (mostInAll !== undefined) this.#all.push(now);
    this.#keys.delete(key);
    this.#keys.set(key, [...times, now]);
    const oldest = this.#keys.size > maxKeys ? this.#keys.keys().next().value : undefined;
    if (oldest !== undefined) this.#keys.delete(oldest);
    return true;
  }

  /** How many of a key may still be taken now. */
  left(key: Key): number {
    return this.#options.most - this.#recent(key, this.#monotonic()).length;
  }

  /** Milliseconds until one of a key may be taken; 0 when one may be now. */
  waitMs(key: Key): number {
    const { most, windowMs } = this.#options;
    const now = this.#monotonic();
    const times = this.#recent(key, now);
    return times.length < most ? 0 : (times[0] ?? now) + windowMs - now;
  }

  forget(key: Key): void {
    this.#keys.delete(key);
  }

  #recent(key: Key, now: number): number[] {
    return this.#within(this.#keys.get(key) ?? [], now);
  }

  #within(times: readonly number[], now: number): number[] {
    return times.filter((time) => now - time < this.#options.windowMs);
  }
}
