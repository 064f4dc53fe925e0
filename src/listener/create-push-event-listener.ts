import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { catalogue } from '../events/catalogue/catalogue.ts';
import { isSigningSecret } from '../forward/signed-headers.ts';
import type { Clock } from '../lib/clock.ts';
import { createExpressHandler, createFetchHandler, createKoaMiddleware, createNodeCallback } from './adapters.ts';
import { createHandlerMethods, EventHandlers } from './handlers.ts';
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
import { isSigned, RequestReceiver } from './receiver.ts';
import { serve } from './serve.ts';
import { createConsumer } from './stream-worker.ts';

/**
 * Creates a listener for push events. Package entry: `import { createPushEventListener } from 'sonorancad/listener'`.
 */
export const createPushEventListener: CreatePushEventListener = (options) =>
  createListener(options, listenerClock, emitWarning);

/**
 * Creates a worker for a NATS stream. Package entry: `import { createPushEventConsumer } from 'sonorancad/listener'`.
 */
export const createPushEventConsumer: CreatePushEventConsumer = (options) =>
  createConsumer(options, listenerClock, emitWarning);

function emitWarning(line: string): void {
  process.emitWarning(line, 'SonoranCadWarning');
}

/**
 * Creates a listener with a given clock, so that tests control the time.
 *
 * @param warn prints one line: a handler failed and there is no error handler, or a handler's event type is unknown
 * @throws a TypeError that names the wrong option
 */
export function createListener(
  options: PushEventListenerOptions,
  clock: Clock,
  warn: (line: string) => void,
): PushEventListener {
  const settings = readOptions(options);
  const handlers = new EventHandlers(clock, warn);
  const parts = { settings, handlers, receiver: new RequestReceiver(settings, clock), clock };
  const listener: PushEventListener = {
    ...createHandlerMethods(handlers, () => listener),
    callback: () => createNodeCallback(parts),
    middleware: () => createKoaMiddleware(parts),
    express: () => createExpressHandler(parts),
    fetch: createFetchHandler(parts),
    listen(port, host) {
      // Node's `listen` treats undefined as any free port, '' as all addresses and a word as the path of a socket.
      return serve(createNodeCallback(parts), Number(port), host || '127.0.0.1', clock);
    },
  };
  return listener;
}

/** The system clock for programs outside the game. Its timers do not keep the process alive; open connections do. */
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

/** The types of push events that this version knows. */
export const PUSH_EVENT_TYPES: readonly PushEventType[] = Object.freeze(Object.keys(catalogue) as PushEventType[]);

/** The CAD's numbers for unit statuses. */
export const UNIT_STATUS: UnitStatusNumbers = Object.freeze({
  UNAVAILABLE: 0,
  BUSY: 1,
  AVAILABLE: 2,
  ENROUTE: 3,
  ON_SCENE: 4,
});

/** Checks a request's Standard Webhooks signature, for programs that receive requests without a listener. */
export const verifySignature: VerifySignature = (headers, body, secret) => {
  const secrets = Array.isArray(secret) ? secret : [secret];
  if (secrets.length === 0 || !secrets.every(isSigningSecret)) {
    throw new TypeError(
      'verifySignature: the secret must be "whsec_" and 24 to 64 bytes as base64, or a list of such secrets.',
    );
  }
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return isSigned(secrets, (name) => findHeader(headers, name), bytes, Date.now());
};

function findHeader(headers: SignedHeaders, name: string): string | undefined {
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined;
  // node:http lower-cases header names; a plain object may have them in any case.
  const [, value] = Object.entries(headers).find(([other]) => other.toLowerCase() === name) ?? [];
  return typeof value === 'string' ? value : undefined;
}
