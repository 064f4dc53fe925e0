import type { Clock } from '../platform/clock.ts';

/** Calls `expired` when the time is over. @returns a function that calls it off */
export type Deadline = (expired: () => void) => () => void;

/**
 * Deadlines of one length, for as many requests as come: they end in the order in which they began, so that one timer serves
 * all of them.
 *
 * @param milliseconds from the call of the returned function on
 */
export function createDeadlines(milliseconds: number, clock: Pick<Clock, 'after' | 'monotonic'>): Deadline {
  const waiting = new Set<{ readonly at: number; readonly expired: () => void }>();
  let armed = false;

  function arm(wait: number): void {
    if (armed) return;
    armed = true;
    clock.after(wait, expire);
  }

  function expire(): void {
    armed = false;
    const now = clock.monotonic();
    for (const entry of waiting) {
      if (entry.at > now) {
        arm(entry.at - now);
        return;
      }
      waiting.delete(entry);
      entry.expired();
    }
  }

  return (expired) => {
    const entry = { at: clock.monotonic() + milliseconds, expired };
    waiting.add(entry);
    // It stays armed when nobody waits any more: for the next one, and called off for each it would be a timer each again.
    arm(milliseconds);
    return () => void waiting.delete(entry);
  };
}
