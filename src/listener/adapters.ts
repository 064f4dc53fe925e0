import type { PushEvent } from '../events/push-event.ts';
import { type Answer, EXPLANATION, LATE, TOO_LARGE } from '../http/event-routes.ts';
import { type BodyOutcome, type Deadline, readBody, readStreamedBody } from '../lib/body.ts';
import type { Clock } from '../lib/clock.ts';
import type { EventHandlers } from './handlers.ts';
import type { ListenerSettings } from './options.ts';
import type {
  FetchRequest,
  FetchResponse,
  KoaContext,
  NodeRequest,
  NodeResponse,
  PushEventListener,
} from './push-event-listener.ts';
import type { EventReceiver, HeaderLookup, ReceivedRequest } from './receiver.ts';

/** The parts of a listener that every adapter to a web framework uses. */
interface AdapterParts {
  readonly settings: ListenerSettings;
  readonly receiver: EventReceiver;
  readonly handlers: EventHandlers;
  readonly clock: Pick<Clock, 'after' | 'soon'>;
}

/** Creates Express middleware that receives push events. Requests to other paths go to `next`, and so do errors. */
export function createExpressHandler(parts: AdapterParts): ReturnType<PushEventListener['express']> {
  const { settings } = parts;
  return (request, response, next) => {
    // Express removes the mount path from `url`; `originalUrl` still has it.
    if (!isUrlAt(settings.path, request.url) && !isUrlAt(settings.path, request.originalUrl)) return next();

    const answer = answerWithoutBody(request.method);
    if (answer !== null) return sendAnswer(response, answer);

    let parsedBody: Uint8Array | null;
    try {
      parsedBody = takeParsedBody(request, request, settings.secrets.length > 0);
    } catch (error) {
      return next(error);
    }
    if (parsedBody !== null) return receiveAndAnswer(parts, request, response, parsedBody);
    readAndAnswer(parts, request, response);
  };
}

/** Creates Koa middleware that receives push events. Requests to other paths go to the next middleware. */
export function createKoaMiddleware(parts: AdapterParts): ReturnType<PushEventListener['middleware']> {
  const { settings, receiver } = parts;
  return async (context, next) => {
    // A mounted Koa app removes the mount path from `path`; `originalUrl` still has it.
    if (context.path !== settings.path && !isUrlAt(settings.path, context.originalUrl)) return next();

    const answer = answerWithoutBody(context.method);
    if (answer !== null) return answerInKoa(context, answer);

    const { req } = context;
    const body: CollectedBody =
      takeParsedBody(req, context.request, settings.secrets.length > 0) ??
      toCollectedBody(await readBody(req, settings.maxBodyBytes, createBodyDeadline(parts)));
    if (body === null) return undefined;
    if (!(body instanceof Uint8Array)) return answerInKoa(context, body);

    const received = receiver.receive(body, createHeaderLookup(req.rawHeaders), req.socket);
    answerInKoa(context, received.answer);
    if (received.event !== null) runHandlersAfterAnswer(parts, context, received.event);
    return undefined;
  };
}

function answerInKoa(context: KoaContext, answer: Answer): void {
  context.status = answer.status;
  context.body = answer.text;
  for (const [name, value] of Object.entries(createAnswerHeaders(answer))) context.set(name, value);
}

/** Runs the handlers once Koa has sent the answer, which earlier middleware may delay for any time. */
function runHandlersAfterAnswer({ handlers }: AdapterParts, { res }: KoaContext, event: PushEvent): void {
  let hasRun = false;
  const run = () => {
    if (hasRun) return;
    hasRun = true;
    handlers.runSoon(event);
  };
  res.once('finish', run);
  // The client may have disconnected without waiting for the answer: before this line, or after it.
  res.once('close', run);
  if ('closed' in res && res.closed === true) run();
}

/** Creates a request listener for `node:http`. Other paths get a 404, because no other handler answers them. */
export function createNodeCallback(parts: AdapterParts): ReturnType<PushEventListener['callback']> {
  const { settings } = parts;
  return (request, response) => {
    const answer = isUrlAt(settings.path, request.url) ? answerWithoutBody(request.method) : NOT_FOUND;
    if (answer !== null) return sendAnswer(response, answer);
    readAndAnswer(parts, request, response);
  };
}

function readAndAnswer(parts: AdapterParts, request: NodeRequest, response: NodeResponse): void {
  void readBody(request, parts.settings.maxBodyBytes, createBodyDeadline(parts)).then((outcome) =>
    receiveAndAnswer(parts, request, response, toCollectedBody(outcome)),
  );
}

function receiveAndAnswer(
  parts: AdapterParts,
  request: NodeRequest,
  response: NodeResponse,
  body: CollectedBody,
): void {
  if (body === null) return;
  if (!(body instanceof Uint8Array)) {
    sendAnswer(response, body);
    return;
  }
  const { answer, event } = parts.receiver.receive(body, createHeaderLookup(request.rawHeaders), request.socket);
  sendAnswer(response, answer);
  if (event !== null) parts.handlers.runSoon(event);
}

function sendAnswer(response: NodeResponse, answer: Answer): void {
  response.writeHead(answer.status, createAnswerHeaders(answer));
  response.end(answer.text);
}

/**
 * Creates a Fetch API handler. Each request runs its own event's handlers, because platforms such as Workers stop
 * timers and promises of a request when that request ends.
 */
export function createFetchHandler(parts: AdapterParts): PushEventListener['fetch'] {
  const { settings, handlers, clock } = parts;

  async function receive(request: FetchRequest): Promise<ReceivedRequest> {
    const { pathname } = new URL(request.url);
    const answer = isUrlAt(settings.path, pathname) ? answerWithoutBody(request.method) : NOT_FOUND;
    if (answer !== null) return { answer, event: null };
    if (request.bodyUsed) {
      throw new Error('The request body was read before the push event listener received the request.');
    }
    const outcome = await readStreamedBody(request, settings.maxBodyBytes, createBodyDeadline(parts));
    const body = toCollectedBody(outcome);
    // A Fetch handler must return a response even if the client has disconnected.
    if (!(body instanceof Uint8Array)) return { answer: body ?? LATE, event: null };
    return parts.receiver.receive(body, (name) => request.headers.get(name) ?? undefined);
  }

  return async (request, context) => {
    const { answer, event } = await receive(request);
    if (event !== null) {
      const settled = new Promise((resolve) => clock.soon(() => resolve(handlers.run(event))));
      context?.waitUntil(settled);
    }
    const body = request.method === 'HEAD' ? null : answer.text;
    return new Response(body, { status: answer.status, headers: createAnswerHeaders(answer) }) as FetchResponse;
  };
}

/** Maximum time in milliseconds from a request's head to the end of its body. A later body is answered with 408. */
const BODY_DEADLINE_MS = 4_000;

function createBodyDeadline({ clock }: AdapterParts): Deadline {
  return (expired) => clock.after(BODY_DEADLINE_MS, expired);
}

/**
 * Looks headers up in Node's list of raw headers. Two or three lookups in the list are cheaper than `request.headers`,
 * for which Node builds an object of all headers.
 *
 * @param rawHeaders names and values alternately
 */
function createHeaderLookup(rawHeaders: readonly string[]): HeaderLookup {
  return (name) => {
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const rawName = rawHeaders[index];
      if (rawName?.length === name.length && rawName.toLowerCase() === name) return rawHeaders[index + 1];
    }
    return undefined;
  };
}

const NOT_FOUND: Answer = { status: 404, text: 'Not Found' };
const METHOD_NOT_ALLOWED: Answer = { status: 405, text: 'Method Not Allowed' };

/** @returns the answer to a request that carries no push event, or null for a POST, whose body must be read first */
function answerWithoutBody(method: string | undefined): Answer | null {
  if (method === 'POST') return null;
  return method === 'GET' || method === 'HEAD' ? EXPLANATION : METHOD_NOT_ALLOWED;
}

function createAnswerHeaders({ status, text }: Answer): Record<string, string> {
  const headers: Record<string, string> = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(text)),
  };
  if (status === 405) headers.Allow = 'GET, HEAD, POST';
  // On a kept connection, Node would parse the rest of a late body as the next request.
  if (status === 408) headers.Connection = 'close';
  return headers;
}

/** @returns whether a URL, with or without a query, has the given path */
function isUrlAt(path: string, url: string | undefined): boolean {
  if (url === undefined || !url.startsWith(path)) return false;
  return url.length === path.length || url[path.length] === '?';
}

/** A request's whole body, the answer if the body is refused, or null if the client disconnected. */
type CollectedBody = Uint8Array | Answer | null;

function toCollectedBody(outcome: BodyOutcome): CollectedBody {
  if (outcome.status === 'whole') return outcome.body;
  if (outcome.status === 'aborted') return null;
  return outcome.status === 'too-large' ? TOO_LARGE : LATE;
}

/** The properties in which body parsers of Express and Koa store a body. */
interface ParsedRequest {
  readonly body?: unknown;
  readonly rawBody?: unknown;
}

const BODY_LOST =
  'A body parser read the request before the push event listener. ' +
  'Put the listener before the body parser, or have the parser keep the bytes as rawBody.';
const SIGNED_BYTES_LOST =
  'A signature needs the bytes of the body, but a body parser has replaced them with an object. ' +
  'Put the listener before the body parser, or have the parser keep the bytes as rawBody.';

/**
 * Takes the body of a request that a body parser has read before the listener.
 *
 * @param stream the request from Node
 * @param parsed the object on which the framework's parsers store the body
 * @param isSignatureRequired whether a parsed object is refused, because a signature covers the original bytes
 * @returns null if the stream has not been read yet
 * @throws an Error with advice if the stream was read and the bytes are lost
 */
function takeParsedBody(stream: object, parsed: ParsedRequest, isSignatureRequired: boolean): Uint8Array | null {
  const isRead = 'readableDidRead' in stream && stream.readableDidRead === true;
  if (!isRead) return null;

  const { rawBody, body } = parsed;
  const bytes = toBytes(rawBody) ?? toBytes(body);
  if (bytes !== null) return bytes;

  if (typeof body !== 'object' || body === null) throw new Error(BODY_LOST);
  if (isSignatureRequired) throw new Error(SIGNED_BYTES_LOST);
  return Buffer.from(JSON.stringify(body));
}

function toBytes(value: unknown): Uint8Array | null {
  if (typeof value === 'string') return Buffer.from(value);
  return value instanceof Uint8Array ? value : null;
}
