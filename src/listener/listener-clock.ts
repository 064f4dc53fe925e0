import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import type { Clock } from '../platform/clock.ts';

/** The machine's clock. Its timers keep no program running, which is for the server's connections to do. */
export const listenerClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds).unref();
    return () => clearTimeout(timer);
  },
  soon(callback) {
    setImmediate(callback);
  },
};
