import { clearTimeout, setImmediate, setTimeout } from 'node:timers';

/** Time, as everything here waits and measures; tests hand in one that they move. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds that never run backwards. */
  monotonic(): number;
  /** Calls once after that many milliseconds. @returns a function that calls it off */
  after(milliseconds: number, callback: () => void): () => void;
  /** Calls once at the next pass of the event loop. */
  soon(callback: () => void): void;
}

/** The machine's clock. Its timers keep no program running. */
export const machineClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds).unref();
    return () => clearTimeout(timer);
  },
  soon: (callback) => void setImmediate(callback),
};
