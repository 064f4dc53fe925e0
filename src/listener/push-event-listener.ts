// What the users of the library see. Types only: the build makes dist/listener.d.ts of it, for which nothing needs to be installed.
import type {
  KnownPushEvent,
  KnownPushEvents,
  OtherPushEvent,
  PushEvent,
  PushEventData,
  PushEventType,
} from 'sonorancad/types';

export type { KnownPushEvent, KnownPushEvents, OtherPushEvent, PushEvent, PushEventData, PushEventType };

/** How a listener receives. `apiKey` or `apiKeys` is needed. */
export interface PushEventListenerOptions {
  /** The API key that the CAD sends with each push event: 16 to 256 printable ASCII characters. */
  readonly apiKey?: string | undefined;
  /** More keys that are accepted, so that a key can be changed without losing events. */
  readonly apiKeys?: readonly string[] | undefined;
  /** Where push events are received. Default `/sonorancad/event`, to which the CAD and the resource send. */
  readonly path?: string | undefined;
  /** The largest body that is taken, 1 to 16,777,216 bytes. Default 1 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /**
   * The `secret` of the resource's forwarding target (`whsec_…`), or up to 8 of them while it is being changed. With it, only
   * requests that are signed as Standard Webhooks 1.0 describes are taken, not more than 5 minutes old: none of the CAD's own.
   */
  readonly secret?: string | readonly string[] | undefined;
}

/** What hears of an error that a handler threw or rejected with, and of the event it was given. */
export type PushEventErrorHandler = (error: unknown, event: PushEvent) => unknown;

/** What a listener and a worker of a stream have in common: who hears of which events. */
export interface PushEventHandlers<Self> {
  /**
   * Has a handler called with each event of one type or several, in any case, whose data was understood. The handlers of an
   * event are called in the order in which they were given, and not waited for; one that fails stops no other.
   */
  on<Type extends PushEventType>(
    type: Type | readonly Type[],
    handler: (event: KnownPushEvents<Type>) => unknown,
  ): Self;
  /** Has a handler called with every event, those that could not be understood among them (`valid: false`). */
  on(type: '*', handler: (event: PushEvent) => unknown): Self;
  /** Has a handler called with events of types that this version does not know. */
  on(type: string | readonly string[], handler: (event: OtherPushEvent) => unknown): Self;
  /** Has a handler called no more for these types; `'*'` ends what was begun with `'*'`. */
  off(type: string | readonly string[], handler: (event: never) => unknown): Self;
  /** Has a handler called when one of an event fails. While there is none, a warning of the process says so in one line. */
  onError(handler: PushEventErrorHandler): Self;
}

/**
 * Receives push events of Sonoran CAD, from the CAD itself or as the resource forwards them, in whatever web server there is.
 * Every event is answered before its handlers run. A forwarded event has the `id` that it has in the game (its `webhook-id`, without the `.r1` of a replay),
 * comes to the handlers once however often it is sent, and again when an operator replays it.
 */
export interface PushEventListener extends PushEventHandlers<PushEventListener> {
  /** For `http.createServer`. Answers 404 to other paths. */
  callback(): (request: NodeRequest, response: NodeResponse) => void;
  /** For Koa's `app.use`. Leaves other paths to what comes after it. Rejects when a body parser before it has lost the body. */
  middleware(): (context: KoaContext, next: () => Promise<unknown>) => Promise<unknown>;
  /** For Express' `app.use`. Leaves other paths to what comes after it, and errors to Express. */
  express(): (request: ExpressRequest, response: NodeResponse, next: (error?: unknown) => void) => void;
  /**
   * For servers of the Fetch API: Hono, Bun, Deno, Workers (which need their compatibility with Node switched on). Answers 404 to
   * other paths.
   *
   * @param context where the server has one: is told to wait for the handlers
   * @throws (as a rejection) when the body has been read before
   */
  fetch(request: FetchRequest, context?: FetchContext): Promise<FetchResponse>;
  /**
   * Starts a web server that does nothing else.
   *
   * @param port 0 for a free one
   * @param host default `127.0.0.1`; `0.0.0.0` for requests from other machines
   * @throws (as a rejection) when the port cannot be had
   */
  listen(port: number, host?: string): Promise<ListeningServer>;
}

/** A web server that `listen` has started. */
export interface ListeningServer {
  readonly port: number;
  /**
   * Takes no more connections.
   *
   * @returns when the requests that are open have been answered, for which they have 5 s, and the handlers of their events called
   */
  close(): Promise<void>;
}

/** What is used of a `http.IncomingMessage`. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
  readonly socket: { readonly remoteAddress?: string | undefined };
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** What is used of a `http.ServerResponse`. */
export interface NodeResponse {
  writeHead(status: number, headers: { [name: string]: string }): unknown;
  end(text: string): unknown;
}

/** What is used of Koa's context. */
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

/** What is used of Express' request. */
export interface ExpressRequest extends NodeRequest {
  readonly originalUrl?: string | undefined;
  /** What a body parser before the listener has made of the body. */
  readonly body?: unknown;
}

/** What is used of a `Request`. */
export interface FetchRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  readonly bodyUsed: boolean;
  readonly body: { getReader(): FetchBodyReader } | null;
}

/** What is used of the reader of a `Request`'s body. */
export interface FetchBodyReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<unknown>;
}

/** What is used of the context that Workers hand over with a request. */
export interface FetchContext {
  waitUntil(promise: Promise<unknown>): void;
}

/** A `Response`, as the types of the server describe it. */
// biome-ignore lint/style/noRestrictedGlobals: it is asked for its type only
export type FetchResponse = typeof globalThis extends { Response: { prototype: infer Type } } ? Type : unknown;

/**
 * Makes a listener. It holds no server, no timer and no connection until it is put to use.
 *
 * @throws a TypeError that says which option is not as expected
 */
export type CreatePushEventListener = (options: PushEventListenerOptions) => PushEventListener;

/** The CAD's numbers for the statuses of units; communities may add more. */
export interface UnitStatusNumbers {
  readonly UNAVAILABLE: 0;
  readonly BUSY: 1;
  readonly AVAILABLE: 2;
  readonly ENROUTE: 3;
  readonly ON_SCENE: 4;
}

/** A request's headers: those of `node:http`, a plain object, or the Fetch API's `Headers`. */
export type SignedHeaders =
  | { get(name: string): string | null }
  | { readonly [name: string]: unknown; get?: undefined };

/**
 * Whether a request was signed with a target's `secret`, as Standard Webhooks 1.0 describes, in the last 5 minutes. For web servers that
 * do without a listener, which checks this by itself.
 *
 * @param body the bytes as they came, not parsed and written again
 * @param secret `whsec_…`, or several while it is being changed
 * @throws a TypeError when there is no secret, or one is malformed
 */
export type VerifySignature = (
  headers: SignedHeaders,
  body: Uint8Array | string,
  secret: string | readonly string[],
) => boolean;

/** How a worker proves to a broker who it is: one of the pairs. */
export interface BrokerCredentials {
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  /** A user's seed, `SU…`. */
  readonly nkey?: string | undefined;
  /** The text of a creds file. */
  readonly creds?: string | undefined;
}

/** Which stream a worker empties, and how. */
export interface PushEventConsumerOptions {
  /** `nats://host:4222`, or several of one cluster. */
  readonly servers: string | readonly string[];
  /** The stream that the resource's target names. */
  readonly stream: string;
  /** The name that workers share which divide the events among them. 1 to 32 letters, digits, `-` or `_`. */
  readonly durable: string;
  /**
   * Which subjects are wanted. In it, `{serverId}`, `{type}` and `{callId}` stand where they stand in the target's `subject`; a
   * number or a type in their place takes only those. Default all of the stream; with an `order` the usual subject of it.
   */
  readonly filter?: string | undefined;
  /**
   * `none`: each worker takes the next event that waits. `server`: the events of one game server are handled one after the other, by
   * whichever worker. `call`: those about one call, where the target's subject ends in `{callId}`. Default `none`.
   */
  readonly order?: 'none' | 'server' | 'call' | undefined;
  /** How many events this worker has in hand at once, 1 to 256; with an order, it is one for each server, or 16. Default 1. */
  readonly concurrency?: number | undefined;
  /** How often an event is tried before it becomes a dead letter, 1 to 100. Default 5. */
  readonly maxDeliver?: number | undefined;
  /** Milliseconds after which the broker gives an event to another worker when it hears nothing of it, 1,000 to 600,000. Default 30,000. */
  readonly ackWaitMs?: number | undefined;
  /** Where events go that were given up on. Default `<stream>.dead.<durable>`; a stream should take it. */
  readonly deadLetterSubject?: string | undefined;
  readonly credentials?: BrokerCredentials | undefined;
  /** PEM texts; `{}` demands TLS. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string } | undefined;
  /** Needed where the target has `includeKey`: an event with another key is not taken. */
  readonly apiKey?: string | undefined;
  readonly apiKeys?: readonly string[] | undefined;
  /** The target's `secret`: only events that are signed with it are taken, whenever they come out of the stream. */
  readonly secret?: string | readonly string[] | undefined;
  /** Takes one line about what the operator should know: a broker that is away, an event that failed. Default a warning of the process. */
  readonly warn?: ((line: string) => void) | undefined;
}

/**
 * A worker that empties a stream of Sonoran CAD push events, beside others of the same `durable`. Each event is handled by one of
 * them, and acknowledged when its handlers are done. Where one fails or rejects, the event comes again after a while.
 */
export interface PushEventConsumer extends PushEventHandlers<PushEventConsumer> {
  /**
   * Begins to take events. A broker that cannot be reached is waited for.
   *
   * @returns once it is connected; rejects where the operator must mend something first, such as the name of the stream
   */
  start(): Promise<RunningConsumer>;
}

/** A worker that takes events. */
export interface RunningConsumer {
  /** Takes no more events. @returns when those in hand are done, for which they have 5 s, or given back for others */
  close(): Promise<void>;
}

/**
 * Makes a worker. It needs `@nats-io/transport-node` and `@nats-io/jetstream` to be installed beside this package.
 *
 * @throws a TypeError that says which option is not as expected
 */
export type CreatePushEventConsumer = (options: PushEventConsumerOptions) => PushEventConsumer;
