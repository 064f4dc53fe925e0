import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { catalogue } from '../events/catalogue/catalogue.ts';
import { isSigningSecret } from '../forward/signed-headers.ts';
import type { Clock } from '../lib/clock.ts';
import {
  createExpressHandler,
  createFetchHandler,
  createKoaMiddleware,
  createNodeCallback,
  serve,
} from './adapters.ts';
import { createHandlers, handlerMethods } from './handlers.ts';
import { readOptions } from './options.ts';
import type {
  CreatePushEventConsumer,
  CreatePushEventListener,
  PushEventListener,
  PushEventListenerOptions,
  PushEventType,
  SignedHeaders,
  UnitStatusNumbers,
  VerifySignature,
} from './push-event-listener.ts';
import { createReceive, isSigned } from './receiver.ts';
import { createConsumer } from './stream-worker.ts';

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
    // Node takes a variable that is not set for any free port, an empty address for all, and a word for a socket's file.
    listen: (port, host) => serve(createNodeCallback(parts), Number(port), host || '127.0.0.1', clock),
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

export const PUSH_EVENT_TYPES: readonly PushEventType[] = Object.freeze(Object.keys(catalogue) as PushEventType[]);

export const UNIT_STATUS: UnitStatusNumbers = Object.freeze({
  UNAVAILABLE: 0,
  BUSY: 1,
  AVAILABLE: 2,
  ENROUTE: 3,
  ON_SCENE: 4,
});

export const verifySignature: VerifySignature = (headers, body, secret) => {
  const secrets = Array.isArray(secret) ? secret : [secret];
  if (secrets.length === 0 || !secrets.every(isSigningSecret)) {
    throw new TypeError(
      'verifySignature: the secret must be "whsec_" and 24 to 64 bytes as base64, or a list of such.',
    );
  }
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return isSigned(secrets, (name) => headerOf(headers, name), bytes, Date.now());
};

function headerOf(headers: SignedHeaders, name: string): string | undefined {
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined;
  // node:http gives lower case, programs that make them by hand may not.
  const [, value] = Object.entries(headers).find(([own]) => own.toLowerCase() === name) ?? [];
  return typeof value === 'string' ? value : undefined;
}
