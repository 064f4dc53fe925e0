// The public types of `sonorancad/listener`. The build turns this file into dist/listener.d.ts, so it imports nothing
// that a user would have to install.
import type {
  KnownPushEvent,
  KnownPushEvents,
  OtherPushEvent,
  PushEvent,
  PushEventData,
  PushEventType,
} from 'sonorancad/types';

export type { KnownPushEvent, KnownPushEvents, OtherPushEvent, PushEvent, PushEventData, PushEventType };

/** Options of `createPushEventListener`. Either `apiKey` or `apiKeys` is required. */
export interface PushEventListenerOptions {
  /** The API key that the CAD sends with each push event: 16 to 256 printable ASCII characters. */
  readonly apiKey?: string | undefined;
  /** Additional accepted keys, so that a key can be changed without losing events. */
  readonly apiKeys?: readonly string[] | undefined;
  /** The path that receives push events. Default `/sonorancad/event`, to which the CAD and the resource send. */
  readonly path?: string | undefined;
  /** Maximum size of a body, 1 to 16,777,216 bytes. Default 1 MiB. A larger body is answered with 413. */
  readonly maxBodyBytes?: number | undefined;
  /**
   * The `secret` of the resource's forwarding target (`whsec_…`), or up to 8 secrets while it is being changed. With a
   * secret, the listener accepts only requests with a Standard Webhooks 1.0 signature that is at most 5 minutes old.
   * The CAD does not sign, so its own requests are then refused.
   */
  readonly secret?: string | readonly string[] | undefined;
}

/** A function that receives an error that a handler threw or rejected with, and the event of that handler. */
export type PushEventErrorHandler = (error: unknown, event: PushEvent) => unknown;

/** Registers handlers for events, on a listener or on a worker of a stream. */
export interface PushEventHandlers<Self> {
  /**
   * Registers a handler for valid events of one or several types, written in any case. The handlers of an event are
   * called in the order of their registration and are not awaited. A failing handler does not stop the others.
   */
  on<Type extends PushEventType>(
    type: Type | readonly Type[],
    handler: (event: KnownPushEvents<Type>) => unknown,
  ): Self;
  /** Registers a handler for every event, including events whose data could not be understood (`valid: false`). */
  on(type: '*', handler: (event: PushEvent) => unknown): Self;
  /** Registers a handler for events of types that this version does not know. */
  on(type: string | readonly string[], handler: (event: OtherPushEvent) => unknown): Self;
  /** Removes a handler for these types. `'*'` removes a handler that was registered with `'*'`. */
  off(type: string | readonly string[], handler: (event: never) => unknown): Self;
  /** Registers an error handler. Without one, a failing handler is reported as a process warning of one line. */
  onError(handler: PushEventErrorHandler): Self;
}

/**
 * Receives push events from Sonoran CAD, or from the resource that forwards them, in any web server. Every event is
 * answered before its handlers run. A forwarded event has the `id` that it has in the game: its `webhook-id`, without
 * the `.r1` of a replay. Repeats of an event are dropped; a replay by an operator reaches the handlers again.
 */
export interface PushEventListener extends PushEventHandlers<PushEventListener> {
  /** Creates a request listener for `http.createServer`. It answers 404 to other paths. */
  callback(): (request: NodeRequest, response: NodeResponse) => void;
  /**
   * Creates middleware for Koa's `app.use`. Other paths go to the next middleware. The middleware rejects if a body
   * parser before it has lost the body.
   */
  middleware(): (context: KoaContext, next: () => Promise<unknown>) => Promise<unknown>;
  /** Creates middleware for Express' `app.use`. Other paths go to the next middleware, errors to Express. */
  express(): (request: ExpressRequest, response: NodeResponse, next: (error?: unknown) => void) => void;
  /**
   * Handles a request of the Fetch API, as in Hono, Bun, Deno and Workers (with their Node compatibility switched on).
   * Answers 404 to other paths.
   *
   * @param context the platform's context, if it has one: its `waitUntil` keeps the handlers running after the answer
   * @throws (as a rejection) if the body was read before
   */
  fetch(request: FetchRequest, context?: FetchContext): Promise<FetchResponse>;
  /**
   * Starts a web server that serves only this listener.
   *
   * @param port 0 for a free port
   * @param host default `127.0.0.1`; `0.0.0.0` accepts requests from other machines
   * @throws (as a rejection) if the port or the address is not available
   */
  listen(port: number, host?: string): Promise<ListeningServer>;
}

/** A running web server that `listen` has started. */
export interface ListeningServer {
  readonly port: number;
  /**
   * Closes the server gracefully: no new connections, and up to 5 s for open requests.
   *
   * @returns a promise that resolves when open requests are answered and the handlers of their events were called
   */
  close(): Promise<void>;
}

/** The part of an `http.IncomingMessage` that a listener uses. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Header names and values, alternately. */
  readonly rawHeaders: readonly string[];
  readonly socket: { readonly remoteAddress?: string | undefined };
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** The part of an `http.ServerResponse` that a listener uses. */
export interface NodeResponse {
  writeHead(status: number, headers: { [name: string]: string }): unknown;
  end(text: string): unknown;
}

/** The part of Koa's context that a listener uses. */
export interface KoaContext {
  readonly req: NodeRequest;
  readonly res: { once(event: string, listener: () => void): unknown };
  readonly request: object;
  readonly method: string;
  readonly path: string;
  readonly originalUrl: string;
  status: number;
  body: unknown;
  set(name: string, value: string): void;
}

/** The part of an Express request that a listener uses. */
export interface ExpressRequest extends NodeRequest {
  readonly originalUrl?: string | undefined;
  /** The body as an earlier body parser has parsed it. */
  readonly body?: unknown;
}

/** The part of a Fetch API `Request` that a listener uses. */
export interface FetchRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  readonly bodyUsed: boolean;
  readonly body: { getReader(): FetchBodyReader } | null;
}

/** The part of a `ReadableStreamDefaultReader` that a listener uses. */
export interface FetchBodyReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<unknown>;
}

/** The part of a Workers execution context that a listener uses. */
export interface FetchContext {
  waitUntil(promise: Promise<unknown>): void;
}

/** The platform's own `Response` type, or `unknown` where the program's types have none. */
// biome-ignore lint/style/noRestrictedGlobals: only the type of globalThis is used
export type FetchResponse = typeof globalThis extends { Response: { prototype: infer Type } } ? Type : unknown;

/**
 * Creates a listener. It opens no server, no timer and no connection until it is used.
 *
 * @throws a TypeError that names the wrong option
 */
export type CreatePushEventListener = (options: PushEventListenerOptions) => PushEventListener;

/** The CAD's numbers for unit statuses. Communities may add more. */
export interface UnitStatusNumbers {
  readonly UNAVAILABLE: 0;
  readonly BUSY: 1;
  readonly AVAILABLE: 2;
  readonly ENROUTE: 3;
  readonly ON_SCENE: 4;
}

/** The headers of a request: from `node:http`, as a plain object, or the Fetch API's `Headers`. */
export type SignedHeaders =
  | { get(name: string): string | null }
  | { readonly [name: string]: unknown; get?: undefined };

/**
 * Checks that a request has a Standard Webhooks 1.0 signature of a target's `secret`, at most 5 minutes old. It is for
 * programs that receive requests without a listener; a listener with a `secret` checks signatures itself.
 *
 * @param body the bytes as received, not parsed and serialised again
 * @param secret `whsec_…`, or a list of secrets while it is being changed
 * @throws a TypeError if the secret is missing or malformed
 */
export type VerifySignature = (
  headers: SignedHeaders,
  body: Uint8Array | string,
  secret: string | readonly string[],
) => boolean;

/** A worker's login at the broker: exactly one of user and password, token, nkey, or creds. */
export interface BrokerCredentials {
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  /** The seed of a user's nkey, `SU…`. */
  readonly nkey?: string | undefined;
  /** The content of a creds file. */
  readonly creds?: string | undefined;
}

/** Options of `createPushEventConsumer`: the stream, and how a worker handles its events. */
export interface PushEventConsumerOptions {
  /** The broker's address, `nats://host:4222`, or several addresses of one cluster. */
  readonly servers: string | readonly string[];
  /** The name of the stream, as in the resource's target. */
  readonly stream: string;
  /** The name that workers share to divide the events among them. 1 to 32 letters, digits, `-` or `_`. */
  readonly durable: string;
  /**
   * The subjects to receive. Write `{serverId}`, `{type}` and `{callId}` where the target's `subject` has them. A
   * number or a type in place of such a placeholder receives only matching events. Default: all subjects of the stream,
   * or with an `order` the default subject of that order.
   */
  readonly filter?: string | undefined;
  /**
   * Which events are handled in order. `none`: each worker takes the next waiting event. `server`: the events of one
   * game server are handled one after the other, across all workers. `call`: the same for events about one call; the
   * target's subject then has to end in `{callId}`. Default `none`.
   */
  readonly order?: 'none' | 'server' | 'call' | undefined;
  /**
   * How many events this worker handles at once, 1 to 256. Default 1. With an `order` the number is fixed: one for each
   * game server, or 16 for calls.
   */
  readonly concurrency?: number | undefined;
  /** How many attempts an event has before it becomes a dead letter, 1 to 100. Default 5. */
  readonly maxDeliver?: number | undefined;
  /**
   * Milliseconds after which the broker delivers an event to another worker if this worker is silent, 1,000 to 600,000.
   * Default 30,000.
   */
  readonly ackWaitMs?: number | undefined;
  /** The subject for dead letters. Default `<stream>.dead.<durable>`. A stream has to store it. */
  readonly deadLetterSubject?: string | undefined;
  readonly credentials?: BrokerCredentials | undefined;
  /** TLS certificates as PEM strings. An empty object requires TLS with the system's certificates. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string } | undefined;
  /** Required if the target has `includeKey`. An event with another key becomes a dead letter. */
  readonly apiKey?: string | undefined;
  readonly apiKeys?: readonly string[] | undefined;
  /** The target's `secret`. An event without a signature of this secret becomes a dead letter. */
  readonly secret?: string | readonly string[] | undefined;
  /** Prints one line for the operator, for example that the broker is away. Default: a process warning. */
  readonly warn?: ((line: string) => void) | undefined;
}

/**
 * A worker that receives push events of Sonoran CAD from a NATS stream. Workers with the same `durable` share the
 * events: each event is handled by one worker, and acknowledged when its handlers are done. If a handler throws or
 * rejects, the event is delivered again later.
 */
export interface PushEventConsumer extends PushEventHandlers<PushEventConsumer> {
  /**
   * Connects to the broker and starts receiving events. While the broker cannot be reached, the worker keeps trying.
   *
   * @returns a promise that resolves once the worker receives events
   * @throws (as a rejection) if only the operator can repair the cause, such as a durable that exists with another
   * filter
   */
  start(): Promise<RunningConsumer>;
}

/** A worker that is receiving events. */
export interface RunningConsumer {
  /**
   * Stops receiving. Running handlers have up to 5 s; unfinished events then go back to the broker for other workers.
   */
  close(): Promise<void>;
}

/**
 * Creates a worker. The packages `@nats-io/transport-node` and `@nats-io/jetstream` have to be installed beside this
 * package.
 *
 * @throws a TypeError that names the wrong option
 */
export type CreatePushEventConsumer = (options: PushEventConsumerOptions) => PushEventConsumer;
