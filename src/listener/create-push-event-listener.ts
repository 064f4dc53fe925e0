import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import type { Clock } from '../lib/clock.ts';
import { createExpressHandler, createFetchHandler, createKoaMiddleware, createNodeCallback } from './adapters.ts';
import { createConsumer } from './create-push-event-consumer.ts';
import { createHandlers, handlerMethods } from './handlers.ts';
import { readOptions } from './options.ts';
import type { CreatePushEventConsumer } from './push-event-consumer.ts';
import type { CreatePushEventListener, PushEventListener, PushEventListenerOptions } from './push-event-listener.ts';
import { createReceive } from './receiver.ts';
import { serve } from './serve.ts';

export { PUSH_EVENT_TYPES, UNIT_STATUS, verifySignature } from './protocol.ts';

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
    ...handlerMethods(handlers, () => listener),
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

/** The other entry: `import { createPushEventConsumer } from 'sonorancad/listener'`. */
export const createPushEventConsumer: CreatePushEventConsumer = (options) =>
  createConsumer(options, listenerClock, warn);

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
