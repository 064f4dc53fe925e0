import type { Clock } from './clock.ts';

/** How long to wait after failures. */
export interface Backoff {
  /** Milliseconds after the first failure, the second in a row, and so on; the last wait stands for all further ones. */
  readonly waitsMs: readonly number[];
  /** Factors between which a wait is spread at random, so that those who failed together do not come back together. */
  readonly spread: readonly [from: number, to: number];
}

/**
 * @param failures how many there were in a row, from 1
 * @param random gives numbers from 0 to below 1
 * @returns milliseconds until the next try
 */
export function backoffWait({ waitsMs, spread: [from, to] }: Backoff, failures: number, random: () => number): number {
  const wait = waitsMs[Math.min(failures, waitsMs.length) - 1] ?? 0;
  return Math.round(wait * (from + (to - from) * random()));
}

/** Failures in a row that are taken for bad luck. */
const TOLERATED = 2;
const CLOSED: Backoff = { waitsMs: [5_000, 10_000, 20_000, 40_000, 60_000], spread: [0.5, 1] };
/** By then it is known what became of the request that tries whether the host answers again. */
const TRY_MS = 15_000;

/**
 * Keeps requests from a host that does not answer: after three failures in a row nothing is sent for up to 5 s, and twice as long
 * after each failed try, up to 60 s. Then one request tries.
 */
export class HostBackoff {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #random: () => number;
  #failures = 0;
  #closedUntil = 0;
  #isTrying = false;

  constructor(clock: Pick<Clock, 'monotonic'>, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Lets a request through, or says that it has no point yet. @returns milliseconds until the next try, null to go on */
  admit(): number | null {
    const wait = this.nextTryInMs();
    if (wait === null && this.#failures > TOLERATED) {
      this.#isTrying = true;
      this.#closedUntil = this.#clock.monotonic() + TRY_MS;
    }
    return wait;
  }

  /** There was an answer, whatever it says. */
  answered(): void {
    this.#failures = 0;
    this.#isTrying = false;
  }

  /** There was none. */
  failed(): void {
    // Requests that were under way when it closed say nothing new.
    if (this.#failures > TOLERATED && !this.#isTrying) return;
    this.#failures += 1;
    this.#isTrying = false;
    if (this.#failures <= TOLERATED) return;
    this.#closedUntil = this.#clock.monotonic() + backoffWait(CLOSED, this.#failures - TOLERATED, this.#random);
  }

  /** Milliseconds until the next try; null while requests go through. */
  nextTryInMs(): number | null {
    const wait = this.#closedUntil - this.#clock.monotonic();
    return this.#failures > TOLERATED && wait > 0 ? Math.ceil(wait) : null;
  }
}
