import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import type { Clock } from '../../src/platform/clock.ts';

/** The machine's clock. Unlike the resource's own, it keeps no process alive. */
export function machineClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds).unref();
      return () => clearTimeout(timer);
    },
    soon: (callback) => void setImmediate(callback),
  };
}
