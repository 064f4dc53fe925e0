import { clearTimeout, setImmediate, setTimeout } from 'node:timers';

/** The source of time and timers. Tests pass one that they advance themselves. */
export type Clock = typeof machineClock;

/** The machine's clock. Its timers do not keep the process alive. */
export const machineClock = {
  /** Milliseconds since 1970. */
  now: (): number => Date.now(),
  /** Monotonic time in milliseconds. */
  monotonic: (): number => performance.now(),
  /** Calls back once after a delay. @returns a function that cancels it */
  after(milliseconds: number, callback: () => void): () => void {
    const timer = setTimeout(callback, milliseconds).unref();
    return () => clearTimeout(timer);
  },
  /** Calls back once, in the next pass of the event loop. */
  soon: (callback: () => void): void => void setImmediate(callback),
};
