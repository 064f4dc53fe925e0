import { clearTimeout, setImmediate, setTimeout } from 'node:timers';

/** Time, as everything here waits and measures; tests hand in one that they move. */
export type Clock = typeof machineClock;

/** The machine's clock. Its timers keep no program running. */
export const machineClock = {
  /** Milliseconds since 1970. */
  now: (): number => Date.now(),
  /** Milliseconds that never run backwards. */
  monotonic: (): number => performance.now(),
  /** Calls once after that many milliseconds. @returns a function that calls it off */
  after(milliseconds: number, callback: () => void): () => void {
    const timer = setTimeout(callback, milliseconds).unref();
    return () => clearTimeout(timer);
  },
  /** Calls once at the next pass of the event loop. */
  soon: (callback: () => void): void => void setImmediate(callback),
};
