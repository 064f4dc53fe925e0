import { networkOf } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import { RateLimit } from '../lib/rate-limit.ts';
import { WRONG_KEYS } from './answers.ts';

/** How much of a body is searched for the key when its sender has shown none but wrong ones: the CAD has its key in front. */
const SEARCHED_BYTES = 4 * 1024;
const DAY_MS = 24 * 3_600_000;
const MAX_SENDERS = 1_000;

/**
 * Knows who has shown a right key and who only wrong ones: searching 1 MiB for a key takes the game's thread some milliseconds, which
 * is too much for strangers. A sender is an IPv4 address or an IPv6 network of 64 bits.
 */
export class Senders {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #wrongKeys: RateLimit;
  /** When each was last seen with a right key, and with none. */
  readonly #trusted = new Map<string, number>();
  readonly #strangers = new Map<string, number>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
    this.#wrongKeys = new RateLimit(WRONG_KEYS, clock);
  }

  /** @returns how many bytes of a body from that address are searched for the key */
  searchedBytes(address: string): number {
    const sender = networkOf(address);
    const isStranger = this.#isRecent(this.#strangers, sender) && !this.#isRecent(this.#trusted, sender);
    return isStranger ? SEARCHED_BYTES : Number.POSITIVE_INFINITY;
  }

  /** To be told of each right key. */
  trust(address: string): void {
    this.#remember(this.#trusted, networkOf(address));
  }

  /** To be told of each body in which no right key was found. */
  distrust(address: string): void {
    this.#remember(this.#strangers, networkOf(address));
  }

  /** Counts a wrong key. @returns whether the address has sent no more of them than it may */
  takeWrongKey(address: string): boolean {
    return this.#wrongKeys.take(networkOf(address));
  }

  #isRecent(seen: ReadonlyMap<string, number>, sender: string): boolean {
    const at = seen.get(sender);
    return at !== undefined && this.#clock.monotonic() - at < DAY_MS;
  }

  /** In the order in which they were last seen: the first is the next to be forgotten. */
  #remember(seen: Map<string, number>, sender: string): void {
    seen.delete(sender);
    seen.set(sender, this.#clock.monotonic());
    for (const oldest of seen.keys()) {
      if (seen.size <= MAX_SENDERS) return;
      seen.delete(oldest);
    }
  }
}
