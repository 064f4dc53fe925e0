import type { PushEvent } from '../events/push-event.ts';
import { type Answer, LATE } from '../http/answers.ts';
import { type Deadline, readBody, readStreamedBody } from '../lib/body.ts';
import type { Clock } from '../lib/clock.ts';
import { type CollectedBody, collected, parsedBody } from './body.ts';
import type { Handlers } from './handlers.ts';
import type { ListenerSettings } from './options.ts';
import type {
  FetchRequest,
  FetchResponse,
  KoaContext,
  NodeRequest,
  NodeResponse,
  PushEventListener,
} from './push-event-listener.ts';
import type { Receive, Received } from './receiver.ts';
import { answerHeaders, answerWithoutBody, headerOf, isAt, NOT_FOUND } from './route.ts';

export function createExpressHandler(parts: AdapterParts): ReturnType<PushEventListener['express']> {
  const { settings, deadline } = parts;
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
    void readBody(request, settings.maxBodyBytes, deadline).then((outcome) =>
      takeBody(parts, request, response, collected(outcome)),
    );
  };
}

export function createKoaMiddleware(parts: AdapterParts): ReturnType<PushEventListener['middleware']> {
  const { settings, receive, deadline } = parts;
  return async (context, next) => {
    // Mounted below a path, an app of Koa cuts that off `path`.
    if (context.path !== settings.path && !isAt(settings.path, context.originalUrl)) return next();
    const answer = answerWithoutBody(context.method);
    if (answer !== null) return respond(context, answer);
    const { req } = context;
    const body: CollectedBody =
      parsedBody(req, context.request, settings.secrets.length > 0) ??
      collected(await readBody(req, settings.maxBodyBytes, deadline));
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
  /** By when a body has to be whole. */
  readonly deadline: Deadline;
  readonly clock: Pick<Clock, 'after' | 'soon'>;
}

export function createNodeCallback(parts: AdapterParts): ReturnType<PushEventListener['callback']> {
  const { settings, deadline } = parts;
  return (request, response) => {
    const answer = isAt(settings.path, request.url) ? answerWithoutBody(request.method) : NOT_FOUND;
    if (answer !== null) return send(response, answer);
    void readBody(request, settings.maxBodyBytes, deadline).then((outcome) =>
      takeBody(parts, request, response, collected(outcome)),
    );
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
  const { settings, handlers, clock, deadline } = parts;

  async function receiveFrom(request: FetchRequest): Promise<Received> {
    const { pathname } = new URL(request.url);
    const answer = isAt(settings.path, pathname) ? answerWithoutBody(request.method) : NOT_FOUND;
    if (answer !== null) return { answer, event: null };
    if (request.bodyUsed) throw new Error('The body of a push event was read before it came to the listener.');
    const body = collected(await readStreamedBody(request, settings.maxBodyBytes, deadline));
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
