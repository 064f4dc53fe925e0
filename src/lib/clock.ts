import { clearTimeout, setImmediate, setInterval, setTimeout } from 'node:timers';

/** Time, as everything that waits or measures takes it; tests hand in one that stands still. */
export interface Clock {
  /** Milliseconds since 1970, as the machine believes. */
  now(): number;
  /** Milliseconds that never run backwards. */
  monotonic(): number;
  /** Calls once after that many milliseconds. @returns a function that calls it off */
  after(milliseconds: number, callback: () => void): () => void;
  /** Calls once at the next pass of the event loop. */
  soon(callback: () => void): void;
}

/** A pass of the loop costs nothing; without one live timer the game server makes none between two ticks (50 ms). */
const KEEP_ALIVE_MS = 2 ** 30;

/**
 * The machine's clock over `node:timers`. FXServer's global timers follow the game's ticks (50 ms apart, up to 50 ms early),
 * and code after an `await` waits for the next tick unless the resource has a live Node timer: this keeps one.
 *
 * @param run calls what its time has come for
 */
export function createClock(run: (work: () => void) => void = (work) => work()): Clock {
  setInterval(() => {}, KEEP_ALIVE_MS);
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after(milliseconds, callback) {
      const timer = setTimeout(() => run(callback), milliseconds);
      return () => clearTimeout(timer);
    },
    soon(callback) {
      setImmediate(() => run(callback));
    },
  };
}
