/** How long to wait after a failure, and when to stop calling it bad luck. */
export interface RetrySettings {
  /** Milliseconds after the first, second … failure in a row; the last one goes on for ever. */
  readonly waitsMs: readonly number[];
  /** Failures in a row after which a lane is parked. */
  readonly parkAfter: number;
}

/** Events of a CAD lose their worth in minutes: hours, as elsewhere, would be of no use. */
export const DEFAULT_RETRIES: RetrySettings = { waitsMs: [2_000, 10_000, 30_000], parkAfter: 5 };

const JITTER = 0.2;

/**
 * @param failures how many there were in a row, from 1
 * @param random gives numbers from 0 to below 1
 * @returns milliseconds, spread by 20 % to both sides so that targets that fell together do not rise together
 */
export function retryWait({ waitsMs }: RetrySettings, failures: number, random: () => number): number {
  const wait = waitsMs[Math.min(failures, waitsMs.length) - 1] ?? 30_000;
  return Math.round(wait * (1 - JITTER + 2 * JITTER * random()));
}
