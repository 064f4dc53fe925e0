import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import type { Clock } from '../lib/clock.ts';
import { createExpressHandler, createFetchHandler, createKoaMiddleware, createNodeCallback } from './adapters.ts';
import { createHandlers } from './handlers.ts';
import { readOptions } from './options.ts';
import type { CreatePushEventListener, PushEventListener, PushEventListenerOptions } from './push-event-listener.ts';
import { createReceive } from './receiver.ts';
import { serve } from './serve.ts';

/**
 * Makes a listener over a clock of the caller's.
 *
 * @param warn takes one line about a handler that failed without a handler of errors
 * @throws a TypeError that says which option is not as expected
 */
export function createListener(
  options: PushEventListenerOptions,
  clock: Clock,
  warn: (line: string) => void,
): PushEventListener {
  const settings = readOptions(options);
  const handlers = createHandlers(clock, warn);
  const receive = createReceive(settings, clock);
  const parts = { settings, handlers, receive, clock };
  const listener: PushEventListener = {
    on(types: string | readonly string[], handler: (event: never) => unknown) {
      // Which events a handler takes is what its types say.
      handlers.on(types, handler as Parameters<typeof handlers.on>[1]);
      return listener;
    },
    off(types, handler) {
      handlers.off(types, handler as Parameters<typeof handlers.off>[1]);
      return listener;
    },
    onError(handler) {
      handlers.onError(handler);
      return listener;
    },
    callback: () => createNodeCallback(parts),
    middleware: () => createKoaMiddleware(parts),
    express: () => createExpressHandler(parts),
    fetch: createFetchHandler(parts),
    listen: (port, host = '127.0.0.1') => serve(createNodeCallback(parts), port, host, clock),
  };
  return listener;
}

/** The entry of the library: `import { createPushEventListener } from 'sonorancad/listener'`. */
export const createPushEventListener: CreatePushEventListener = (options) =>
  createListener(options, listenerClock, warn);

function warn(line: string): void {
  process.emitWarning(line, 'SonoranCadWarning');
}

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
