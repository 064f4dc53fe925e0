import type { Answer } from '../http/answers.ts';
import type { PushEvent } from '../push-events/push-event.ts';
import { type CollectedBody, collectBody } from './collect-body.ts';
import { headerOf } from './header-of.ts';
import type { AdapterParts } from './node-adapter.ts';
import { parsedBody } from './parsed-body.ts';
import type { KoaContext, PushEventListener } from './push-event-listener.ts';
import { answerHeaders, answerWithoutBody, isAt } from './route.ts';

export function createKoaMiddleware(parts: AdapterParts): ReturnType<PushEventListener['middleware']> {
  const { settings, receiver, deadline } = parts;
  return async (context, next) => {
    // Mounted below a path, an app of Koa cuts that off `path`.
    if (context.path !== settings.path && !isAt(settings.path, context.originalUrl)) return next();
    const answer = answerWithoutBody(context.method);
    if (answer !== null) return respond(context, answer);
    const { req } = context;
    const body: CollectedBody =
      parsedBody(req, context.request, settings.secrets.length > 0) ??
      (await new Promise((resolve) => collectBody(req, settings.maxBodyBytes, deadline, resolve)));
    if (body === null) return undefined;
    if (!(body instanceof Uint8Array)) return respond(context, body);
    const received = receiver.receive(body, headerOf(req.rawHeaders), req.socket);
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
