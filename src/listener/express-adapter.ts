import { collectBody } from './collect-body.ts';
import { type AdapterParts, send, takeBody } from './node-adapter.ts';
import { parsedBody } from './parsed-body.ts';
import type { PushEventListener } from './push-event-listener.ts';
import { answerWithoutBody, isAt } from './route.ts';

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
    collectBody(request, settings.maxBodyBytes, deadline, (body) => takeBody(parts, request, response, body));
  };
}
