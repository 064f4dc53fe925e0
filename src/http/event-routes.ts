import type { IncomingMessage } from 'node:http';
import type { RouterContext } from '@koa/router';
import { isNestedTooDeep } from '../push-events/nesting.ts';
import { readEnvelope } from '../push-events/read-envelope.ts';
import { receiveEvent } from '../push-events/receive-event.ts';
import { logReceived } from '../push-events/session-events.ts';
import { type Answer, answerFor, FAILURES, sendAnswer, TOO_DEEP } from './answers.ts';
import type { AppOptions } from './app.ts';
import { createKeyedPosts } from './keyed-posts.ts';

const EXPLANATION =
  'Sonoran CAD push events are received here by POST. If you can read this, the address is reachable.\n';

type EventRouteOptions = Pick<
  AppOptions,
  'keys' | 'accept' | 'refused' | 'answerHttpEvent' | 'peerLabel' | 'log' | 'clock'
>;

/** The routes that take what the CAD posts, and what a person sees who opens the address of events in a browser. */
export function createEventRoutes(options: EventRouteOptions) {
  const { keys, accept, answerHttpEvent, log, clock } = options;
  const posts = createKeyedPosts(options);

  function take(raw: Buffer, request: IncomingMessage): Answer {
    const result = receiveEvent(raw, keys(), 'http', clock.now());
    if (!result.accepted) return posts.refuse(result.reason, request);
    accept(result, raw, request.headers);
    logReceived(result, log);
    return answerFor(result.event);
  }

  async function answerPlugin(context: RouterContext, raw: Buffer): Promise<void> {
    const envelope = readEnvelope(raw, keys());
    if (!envelope.accepted) return sendAnswer(context, posts.refuse(envelope.reason, context.req));
    if (isNestedTooDeep(envelope.body, raw.length)) return sendAnswer(context, TOO_DEEP);
    const outcome = await answerHttpEvent(envelope.type, envelope.body);
    if (outcome.status !== 'answered') return sendAnswer(context, FAILURES[outcome.status]);
    context.type = 'json';
    context.body = outcome.json;
  }

  return {
    /** `GET /event` */
    explain(context: RouterContext): void {
      context.body = EXPLANATION;
    },
    /** `POST /event` */
    async receive(context: RouterContext): Promise<void> {
      const raw = await posts.read(context);
      if (raw !== null) sendAnswer(context, take(raw, context.req));
    },
    /** `POST /pluginevent`: asks the resource that handles the type, and answers what it returns. */
    async answerPlugin(context: RouterContext): Promise<void> {
      const raw = await posts.read(context);
      if (raw !== null) await answerPlugin(context, raw);
    },
  };
}
