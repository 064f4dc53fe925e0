import { createServer, type Server, type ServerResponse } from 'node:http';
import type { PushEvent } from '../events/push-event.ts';
import { type Answer, EXPLANATION, LATE, TOO_LARGE } from '../http/event-routes.ts';
import { type BodyOutcome, type Deadline, readBody, readStreamedBody } from '../lib/body.ts';
import type { Clock } from '../lib/clock.ts';
import type { Handlers } from './handlers.ts';
import type { ListenerSettings } from './options.ts';
import type {
  FetchRequest,
  FetchResponse,
  KoaContext,
  ListeningServer,
  NodeRequest,
  NodeResponse,
  PushEventListener,
} from './push-event-listener.ts';
import type { HeaderOf, Receive, Received } from './receiver.ts';

/** For Express: other paths, and errors, are left to it. */
export function createExpressHandler(parts: AdapterParts): ReturnType<PushEventListener['express']> {
  const { settings } = parts;
  return (request, response, next) => {
    // Below a path of its own, Express cuts that off `url`.
    if (!isAt(settings.path, request.url) && !isAt(settings.path, request.originalUrl)) return next();
    const answer = answerWithoutBody(request.method);
    if (answer !== null) return send(response, answer);
    let parsed: Uint8Array | null;
    try {
      parsed = parsedBody(request, request, settings.secrets.length > 0);
    } catch (error) {
      return next(error);
    }
    if (parsed !== null) return takeBody(parts, request, response, parsed);
    receiveBody(parts, request, response);
  };
}

/** For Koa: other paths are left to what comes after. */
export function createKoaMiddleware(parts: AdapterParts): ReturnType<PushEventListener['middleware']> {
  const { settings, receive } = parts;
  return async (context, next) => {
    // Mounted below a path, an app of Koa cuts that off `path`.
    if (context.path !== settings.path && !isAt(settings.path, context.originalUrl)) return next();
    const answer = answerWithoutBody(context.method);
    if (answer !== null) return respond(context, answer);
    const { req } = context;
    const body: CollectedBody =
      parsedBody(req, context.request, settings.secrets.length > 0) ??
      collected(await readBody(req, settings.maxBodyBytes, inTime(parts)));
    if (body === null) return undefined;
    if (!(body instanceof Uint8Array)) return respond(context, body);
    const received = receive(body, headerOf(req.rawHeaders), req.socket);
    respond(context, received.answer);
    if (received.event !== null) runOnceAnswered(parts, context, received.event);
    return undefined;
  };
}

function respond(context: KoaContext, answer: Answer): void {
  context.status = answer.status;
  context.body = answer.text;
  for (const [name, value] of Object.entries(answerHeaders(answer))) context.set(name, value);
}

/** Koa answers when the middleware before has done its part as well, whenever that is. */
function runOnceAnswered({ handlers }: AdapterParts, { res }: KoaContext, event: PushEvent): void {
  let hasRun = false;
  const run = () => {
    if (hasRun) return;
    hasRun = true;
    handlers.runSoon(event);
  };
  res.once('finish', run);
  // The client may have gone without waiting for the answer, before or after this line.
  res.once('close', run);
  if ('closed' in res && res.closed === true) run();
}

/** What all adapters are made of. */
interface AdapterParts {
  readonly settings: ListenerSettings;
  readonly receive: Receive;
  readonly handlers: Handlers;
  readonly clock: Pick<Clock, 'after' | 'soon'>;
}

/** By when bodies have to be whole, in milliseconds from the head on. */
const BODY_DEADLINE_MS = 4_000;

const inTime =
  ({ clock }: AdapterParts): Deadline =>
  (expired) =>
    clock.after(BODY_DEADLINE_MS, expired);

/** Reads the body of a request that no parser has read. */
function receiveBody(parts: AdapterParts, request: NodeRequest, response: NodeResponse): void {
  void readBody(request, parts.settings.maxBodyBytes, inTime(parts)).then((outcome) =>
    takeBody(parts, request, response, collected(outcome)),
  );
}

/** For `node:http`, where nothing else answers: other paths get a 404. */
export function createNodeCallback(parts: AdapterParts): ReturnType<PushEventListener['callback']> {
  const { settings } = parts;
  return (request, response) => {
    const answer = isAt(settings.path, request.url) ? answerWithoutBody(request.method) : NOT_FOUND;
    if (answer !== null) return send(response, answer);
    receiveBody(parts, request, response);
  };
}

/** Answers a request whose body has come, and then has the handlers called. */
function takeBody(parts: AdapterParts, request: NodeRequest, response: NodeResponse, body: CollectedBody) {
  if (body === null) return;
  if (!(body instanceof Uint8Array)) return send(response, body);
  const { answer, event } = parts.receive(body, headerOf(request.rawHeaders), request.socket);
  send(response, answer);
  if (event !== null) parts.handlers.runSoon(event);
}

function send(response: NodeResponse, answer: Answer): void {
  response.writeHead(answer.status, answerHeaders(answer));
  response.end(answer.text);
}

/**
 * For servers like Workers, where what one request has begun ends with it: timers are not shared between requests.
 */
export function createFetchHandler(parts: AdapterParts): PushEventListener['fetch'] {
  const { settings, handlers, clock } = parts;

  async function receiveFrom(request: FetchRequest): Promise<Received> {
    const { pathname } = new URL(request.url);
    const answer = isAt(settings.path, pathname) ? answerWithoutBody(request.method) : NOT_FOUND;
    if (answer !== null) return { answer, event: null };
    if (request.bodyUsed) throw new Error('The body of a push event was read before it came to the listener.');
    const body = collected(await readStreamedBody(request, settings.maxBodyBytes, inTime(parts)));
    // When the client has gone, there has to be an answer all the same.
    if (!(body instanceof Uint8Array)) return { answer: body ?? LATE, event: null };
    return parts.receive(body, (name) => request.headers.get(name) ?? undefined);
  }

  return async (request, context) => {
    const { answer, event } = await receiveFrom(request);
    if (event !== null) {
      const settled = new Promise((resolve) => clock.soon(() => resolve(handlers.run(event))));
      context?.waitUntil(settled);
    }
    const body = request.method === 'HEAD' ? null : answer.text;
    return new Response(body, { status: answer.status, headers: answerHeaders(answer) }) as FetchResponse;
  };
}

/** @param rawHeaders names and values in turn: making Node's object of them would cost more than a few lookups */
function headerOf(rawHeaders: readonly string[]): HeaderOf {
  return (name) => {
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const given = rawHeaders[at];
      if (given?.length === name.length && given.toLowerCase() === name) return rawHeaders[at + 1];
    }
    return undefined;
  };
}

const NOT_FOUND: Answer = { status: 404, text: 'Not Found' };
const METHOD_NOT_ALLOWED: Answer = { status: 405, text: 'Method Not Allowed' };

/** @returns what to answer at the path of push events, or null when there is a push event to be received */
function answerWithoutBody(method: string | undefined): Answer | null {
  if (method === 'POST') return null;
  return method === 'GET' || method === 'HEAD' ? EXPLANATION : METHOD_NOT_ALLOWED;
}

/** @returns the headers that go with an answer */
function answerHeaders({ status, text }: Answer): Record<string, string> {
  const headers: Record<string, string> = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(text)),
  };
  if (status === 405) headers.Allow = 'GET, HEAD, POST';
  // What is left of a late body would be taken for the next request.
  if (status === 408) headers.Connection = 'close';
  return headers;
}

/** @returns whether an address, with or without a query, is of that path */
function isAt(path: string, url: string | undefined): boolean {
  if (url === undefined || !url.startsWith(path)) return false;
  return url.length === path.length || url[path.length] === '?';
}

/** The whole body, an answer that ends it early, or null when the client went away. */
type CollectedBody = Uint8Array | Answer | null;

/** @returns what becomes of a body that was read */
function collected(outcome: BodyOutcome): CollectedBody {
  if (outcome.status === 'whole') return outcome.body;
  if (outcome.status === 'aborted') return null;
  return outcome.status === 'too-large' ? TOO_LARGE : LATE;
}

/** Where body parsers leave what they have read. */
interface ParsedRequest {
  readonly body?: unknown;
  readonly rawBody?: unknown;
}

const ADVICE = 'put the listener before the body parser, or have the parser keep the bytes as rawBody';

/**
 * The body of a request that a body parser before the listener has read.
 *
 * @param stream the request as Node gives it
 * @param parsed where the framework's parsers leave the body
 * @param isSigned whether the bytes as they came are needed
 * @returns null when it was not read yet
 * @throws an Error that says what to change, when the body is lost
 */
function parsedBody(stream: object, parsed: ParsedRequest, isSigned: boolean): Uint8Array | null {
  if (!('readableDidRead' in stream && stream.readableDidRead === true)) return null;
  const { rawBody, body } = parsed;
  const bytes = toBytes(rawBody) ?? toBytes(body);
  if (bytes !== null) return bytes;
  if (typeof body !== 'object' || body === null) {
    throw new Error(`The body of a push event was read before it came to the listener: ${ADVICE}.`);
  }
  if (isSigned) {
    throw new Error(`A signature cannot be checked against a body that was parsed before: ${ADVICE}.`);
  }
  return Buffer.from(JSON.stringify(body));
}

function toBytes(value: unknown): Uint8Array | null {
  if (typeof value === 'string') return Buffer.from(value);
  return value instanceof Uint8Array ? value : null;
}

/** Of the whole request; that of the body, 4 s, ends first. */
const REQUEST_TIMEOUT_MS = 10_000;
const HEAD_TIMEOUT_MS = 5_000;
/** How often Node looks for requests that are over their time. */
const CHECK_EVERY_MS = 2_000;
/** The resource keeps its connections for as long as it can, and a CAD in a quiet hour sends little. */
const KEEP_ALIVE_MS = 60_000;
/** The CAD and a few game servers need one or two each. */
const MAX_CONNECTIONS = 1_000;
const CLOSE_DEADLINE_MS = 5_000;

/** @throws (as a rejection) when the port cannot be had */
export async function serve(
  callback: ReturnType<PushEventListener['callback']>,
  port: number,
  host: string,
  clock: Clock,
): Promise<ListeningServer> {
  const open = new Set<ServerResponse>();
  const timeouts = {
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: HEAD_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_EVERY_MS,
  };
  let closed: Promise<void> | null = null;
  const server = createServer(timeouts, (request, response) => {
    // Of a connection whose last answer was on its way when the server closed.
    if (closed !== null) response.setHeader('Connection', 'close');
    open.add(response);
    response.once('close', () => open.delete(response));
    callback(request, response);
  });
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: portOf(server),
    close() {
      closed ??= close(server, open, clock);
      return closed;
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function close(server: Server, open: ReadonlySet<ServerResponse>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(CLOSE_DEADLINE_MS, () => server.closeAllConnections());
    server.close(() => {
      cancel();
      // What was answered last comes to its handlers first: the program may end when this resolves.
      clock.soon(resolve);
    });
    // Those with an open request would be kept alive after it, and the server with them.
    for (const response of open) if (!response.headersSent) response.setHeader('Connection', 'close');
  });
}
