const AFTER_A_FAILURE_MS = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000];
/** A refusal stands until somebody changes a key, here or in the CAD. */
const AFTER_A_REFUSAL_MS = [60_000, 120_000, 240_000, 480_000, 600_000];

/** Of a wait, so that the servers of a community do not come back in one moment. */
const JITTER = 0.25;

/**
 * How long to wait before the session is tried again; there is always a next time.
 *
 * @param kind what the last try ended in
 * @param inARow how many tries have now ended so, from 1
 * @param random gives numbers from 0 to 1
 * @returns milliseconds, never less than the list says
 */
export function reconnectWait(kind: 'failed' | 'refused', inARow: number, random: () => number): number {
  const waits = kind === 'failed' ? AFTER_A_FAILURE_MS : AFTER_A_REFUSAL_MS;
  const wait = waits[Math.min(inARow, waits.length) - 1] ?? 60_000;
  return Math.round(wait * (1 + JITTER * random()));
}
