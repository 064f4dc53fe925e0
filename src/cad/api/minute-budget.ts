const MINUTE_MS = 60_000;

/** So many within any minute. */
export interface MinuteBudget {
  /** How many may still be taken. */
  left(now: number): number;
  /** @returns when the next may be taken, in monotonic milliseconds; not after `now` when one may be now */
  freeAt(now: number): number;
  take(now: number): void;
}

/** @param perMinute 1 or more */
export function createMinuteBudget(perMinute: number): MinuteBudget {
  const taken: number[] = [];

  function forget(now: number): void {
    while (taken[0] !== undefined && taken[0] <= now - MINUTE_MS) taken.shift();
  }

  return {
    left(now) {
      forget(now);
      return perMinute - taken.length;
    },
    freeAt(now) {
      forget(now);
      return taken.length < perMinute ? now : (taken[0] ?? now) + MINUTE_MS;
    },
    take(now) {
      taken.push(now);
    },
  };
}
