import type * as Timers from 'node:timers';
import { type Liveness, requiredBuiltin } from './liveness.ts';

type Callback = (...args: unknown[]) => void;

interface Options {
  readonly liveness: Liveness;
  /** Runs a callback of the resource and then what FXServer runs after one: next ticks and microtasks. */
  run(callback: Callback, args: readonly unknown[]): void;
  /** Makes a promise of the resource's own scope. */
  promise(start: (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => void): unknown;
}

/** `require('node:timers')` and `require('node:timers/promises')` as one resource sees them. */
export type NodeTimers = ReturnType<typeof createNodeTimers>;

/** Options of the timers that promise. */
export interface WaitOptions {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

/** Real timers that the resource's liveness knows about. */
export function createNodeTimers({ liveness, run, promise }: Options) {
  const real = requiredBuiltin<typeof Timers>('node:timers');
  const realPromises = requiredBuiltin<Record<string, unknown>>('node:timers/promises');

  /** What is no function is left for Node to refuse. */
  const running = (callback: Callback, args: readonly unknown[], before = () => {}) =>
    typeof callback !== 'function'
      ? callback
      : () => {
          before();
          run(callback, args);
        };

  let disposed = false;
  const track = (timer: NodeJS.Timeout): NodeJS.Timeout => {
    if (disposed) {
      real.clearTimeout(timer);
      return timer;
    }
    const { refresh, close } = timer;
    liveness.addTimer(timer);
    // A timer that has fired is forgotten; refresh() brings it back.
    timer.refresh = () => {
      liveness.addTimer(timer);
      return refresh.call(timer);
    };
    timer.close = () => {
      liveness.removeTimer(timer);
      return close.call(timer);
    };
    return timer;
  };

  const setTimeout = (callback: Callback, delay?: number, ...args: unknown[]) => {
    const timer: NodeJS.Timeout = real.setTimeout(
      running(callback, args, () => liveness.removeTimer(timer)),
      delay,
    );
    return track(timer);
  };
  const setInterval = (callback: Callback, delay?: number, ...args: unknown[]) =>
    track(real.setInterval(running(callback, args), delay));
  const setImmediate = (callback: Callback, ...args: unknown[]) => {
    const immediate: NodeJS.Immediate = real.setImmediate(
      running(callback, args, () => liveness.removeTimer(immediate)),
    );
    liveness.addTimer(immediate);
    return immediate;
  };
  const clear = (timer: NodeJS.Timeout | NodeJS.Immediate | undefined) => {
    if (timer === undefined || timer === null) return;
    liveness.removeTimer(timer);
    // Node counts its immediates: what is none must not be taken off that count, or none runs any more.
    if (typeof timer === 'object' && '_onImmediate' in timer) real.clearImmediate(timer);
    else real.clearTimeout(timer);
  };

  const wait = (delay: number | undefined, value: unknown, { signal, ref }: WaitOptions = {}) =>
    promise((resolve, reject) => {
      const abort = () => {
        clear(timer);
        reject(Object.assign(new Error('The operation was aborted'), { name: 'AbortError', code: 'ABORT_ERR' }));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', abort);
        resolve(value);
      }, delay);
      if (ref === false) timer.unref();
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });

  const promises = {
    ...realPromises,
    setTimeout: wait,
    setImmediate: (value: unknown, options?: WaitOptions) => wait(0, value, options),
  };
  const custom = Symbol.for('nodejs.util.promisify.custom');
  Object.assign(setTimeout, { [custom]: promises.setTimeout });
  Object.assign(setImmediate, { [custom]: promises.setImmediate });
  return {
    timers: {
      ...real,
      setTimeout,
      setInterval,
      setImmediate,
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
      promises,
    },
    promises,
    /** Clears every timer, as ending the resource's environment does. */
    dispose(): void {
      disposed = true;
      for (const timer of [...liveness.timers()]) clear(timer);
    },
  };
}
