import type { Clock } from '../../../src/platform/clock.ts';

/** A clock that goes on only when told, so that all sizes see the same time pass. */
export interface SteppedClock extends Clock {
  /** Lets time pass, and what waited for it happen. */
  advance(milliseconds: number): void;
}

export function createSteppedClock(): SteppedClock {
  let now = 0;
  let timers: { readonly at: number; readonly callback: () => void }[] = [];
  const after = (milliseconds: number, callback: () => void) => {
    const timer = { at: now + milliseconds, callback };
    timers.push(timer);
    return () => {
      timers = timers.filter((other) => other !== timer);
    };
  };
  return {
    now: () => now,
    monotonic: () => now,
    after,
    soon: (callback) => void after(0, callback),
    advance(milliseconds) {
      now += milliseconds;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { callback } of due) callback();
    },
  };
}
