import type { Answer } from '../http/answers.ts';
import type { Deadline } from '../http/read-body.ts';
import type { Clock } from '../platform/clock.ts';
import { type CollectedBody, collectBody } from './collect-body.ts';
import type { Handlers } from './handlers.ts';
import { headerOf } from './header-of.ts';
import type { NodeRequest, NodeResponse, PushEventListener } from './push-event-listener.ts';
import type { ListenerSettings } from './read-options.ts';
import type { Receiver } from './receiver.ts';
import { answerHeaders, answerWithoutBody, isAt, NOT_FOUND } from './route.ts';

/** What all adapters are made of. */
export interface AdapterParts {
  readonly settings: ListenerSettings;
  readonly receiver: Receiver;
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
    collectBody(request, settings.maxBodyBytes, deadline, (body) => takeBody(parts, request, response, body));
  };
}

/** Answers a request whose body has come, and then has the handlers called. */
export function takeBody(parts: AdapterParts, request: NodeRequest, response: NodeResponse, body: CollectedBody): void {
  if (body === null) return;
  if (!(body instanceof Uint8Array)) {
    send(response, body);
    return;
  }
  const { answer, event } = parts.receiver.receive(body, headerOf(request.rawHeaders), request.socket);
  send(response, answer);
  if (event !== null) parts.handlers.runSoon(event);
}

export function send(response: NodeResponse, answer: Answer): void {
  response.writeHead(answer.status, answerHeaders(answer));
  response.end(answer.text);
}
