import type { Clock } from '../src/lib/clock.ts';
import { listenerClock } from '../src/listener/create-push-event-listener.ts';

/** Moves the time of the resource ahead when it is told to by `test:later`: whatever it waits for comes so much sooner. */
export const MOVABLE_TIME = `{
  const { performance } = globalThis;
  const timers = require('node:timers');
  const { setTimeout, clearTimeout } = timers;
  const waiting = new Set();
  let ahead = 0;
  const now = () => performance.now() + ahead;
  globalThis.performance = { now };

  const arm = (entry) => {
    entry.timer = setTimeout(() => {
      waiting.delete(entry);
      entry.callback();
    }, Math.max(0, entry.due - now()));
  };
  timers.setTimeout = (callback, milliseconds = 0) => {
    const entry = { callback, due: now() + milliseconds };
    waiting.add(entry);
    arm(entry);
    return entry;
  };
  timers.clearTimeout = (entry) => {
    // One that has fired is of no kind that the engine knows.
    if (entry?.callback === undefined) clearTimeout(entry);
    else if (waiting.delete(entry)) clearTimeout(entry.timer);
  };
  on('test:later', (milliseconds) => {
    ahead += milliseconds;
    for (const entry of waiting) {
      clearTimeout(entry.timer);
      arm(entry);
    }
  });
}`;

/** A clock of the pretend CAD that can be moved likewise, so that both count the same minutes. */
export interface MovableClock extends Clock {
  later(milliseconds: number): void;
}

export function createMovableClock(): MovableClock {
  const clock = listenerClock;
  const waiting = new Set<() => void>();
  let ahead = 0;
  const monotonic = () => clock.monotonic() + ahead;
  return {
    ...clock,
    monotonic,
    after(milliseconds, callback) {
      const due = monotonic() + milliseconds;
      let cancel = () => {};
      const arm = () => {
        cancel();
        cancel = clock.after(Math.max(0, due - monotonic()), () => {
          waiting.delete(arm);
          callback();
        });
      };
      waiting.add(arm);
      arm();
      return () => {
        waiting.delete(arm);
        cancel();
      };
    },
    later(milliseconds) {
      ahead += milliseconds;
      for (const arm of waiting) arm();
    },
  };
}
