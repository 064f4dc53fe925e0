/**
 * Measures how long the resource holds the game's thread in one go. FXServer runs every resource on one thread, and a
 * hold of 150 ms is a visible hitch for all players.
 */
export class HoldMeter {
  readonly #now: () => number;
  #longestMs = 0;

  /** @param now gives milliseconds that never run backwards */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Runs synchronous work and measures it. */
  readonly measure = <Result>(work: () => Result): Result => {
    const startedAt = this.#now();
    try {
      return work();
    } finally {
      this.#longestMs = Math.max(this.#longestMs, this.#now() - startedAt);
    }
  };

  /** @returns the longest hold since the last call, in milliseconds */
  takeLongest(): number {
    const longest = this.#longestMs;
    this.#longestMs = 0;
    return longest;
  }
}
