import type { Clock } from '../src/lib/clock.ts';

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Lets time pass, and what was waiting for it happen in order. */
  advance(milliseconds: number): void;
  /** One pass of the event loop. */
  pass(): void;
  /** Timers that are waiting. */
  readonly waiting: number;
  /** Milliseconds until the next of them; infinite when there is none. */
  readonly nextIn: number;
}

export function createManualClock(start = 1_700_000_000_000): ManualClock {
  let elapsed = 0;
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  let soon: (() => void)[] = [];
  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    after(milliseconds, callback) {
      const timer = { at: elapsed + milliseconds, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    soon(callback) {
      soon.push(callback);
    },
    advance(milliseconds) {
      const until = elapsed + milliseconds;
      for (;;) {
        const at = Math.min(until, ...[...timers].map((timer) => timer.at));
        const next = [...timers].find((timer) => timer.at === at);
        if (next === undefined) break;
        timers.delete(next);
        elapsed = next.at;
        next.callback();
      }
      elapsed = until;
    },
    pass() {
      const callbacks = soon;
      soon = [];
      for (const callback of callbacks) callback();
    },
    get waiting() {
      return timers.size;
    },
    get nextIn() {
      return Math.min(...[...timers].map(({ at }) => at)) - elapsed;
    },
  };
}
