import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import type { Clock } from '../../../src/platform/clock.ts';

/** The machine's clock without the timer that keeps the game server's loop going, and a test run from ending. */
export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
  soon(callback) {
    setImmediate(callback);
  },
};
