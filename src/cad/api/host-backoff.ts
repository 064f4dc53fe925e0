import type { Clock } from '../../platform/clock.ts';

/** Keeps requests from a host that does not answer. */
export interface HostBackoff {
  /** Lets a request through, or says that it has no point yet. @returns milliseconds until the next try, null to go on */
  admit(): number | null;
  /** There was an answer, whatever it says. */
  answered(): void;
  /** There was none. */
  failed(): void;
  /** Milliseconds until the next try; null while requests go through. */
  nextTryInMs(): number | null;
}

/** Failures in a row that are taken for bad luck. */
const TOLERATED = 2;
const FIRST_WAIT_MS = 5_000;
const MAX_WAIT_MS = 60_000;
/** By then it is known what became of the request that tries whether the host answers again. */
const TRY_MS = 15_000;

/**
 * After three failures in a row nothing is sent for 5 s, and twice as long after each failed try, up to 60 s; less up to half of
 * it, at random, so that servers that lost the CAD together do not come back together. Then one request tries.
 */
export function createHostBackoff(clock: Clock, random: () => number): HostBackoff {
  let failures = 0;
  let closedUntil = 0;
  let isTrying = false;

  function remaining(): number | null {
    const wait = closedUntil - clock.monotonic();
    return failures > TOLERATED && wait > 0 ? Math.ceil(wait) : null;
  }

  return {
    admit() {
      const wait = remaining();
      if (wait === null && failures > TOLERATED) {
        isTrying = true;
        closedUntil = clock.monotonic() + TRY_MS;
      }
      return wait;
    },
    answered() {
      failures = 0;
      isTrying = false;
    },
    failed() {
      // Those that were under way when it closed say nothing new.
      if (failures > TOLERATED && !isTrying) return;
      failures += 1;
      isTrying = false;
      if (failures <= TOLERATED) return;
      const wait = Math.min(FIRST_WAIT_MS * 2 ** (failures - TOLERATED - 1), MAX_WAIT_MS);
      closedUntil = clock.monotonic() + wait * (0.5 + random() / 2);
    },
    nextTryInMs: remaining,
  };
}
