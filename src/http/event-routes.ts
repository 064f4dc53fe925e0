import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { RouterContext } from '@koa/router';
import type { KeyRing } from '../events/key-ring.ts';
import type { HttpEventOutcome } from '../events/push-event.ts';
import { isNestedTooDeep, readEnvelope } from '../events/read-envelope.ts';
import { type ReceivedEvent, receiveEvent } from '../events/receive.ts';
import { logReceived } from '../events/session-events.ts';
import { type Answer, answerFor, FAILURES, sendAnswer, TOO_DEEP } from './answers.ts';
import { createKeyedPosts, type KeyedPostOptions } from './keyed-posts.ts';

const EXPLANATION =
  'Sonoran CAD push events are received here by POST. If you can read this, the address is reachable.\n';

export interface EventRouteOptions extends KeyedPostOptions {
  /** The keys in force. */
  keys(): KeyRing;
  /** Takes an event that is about to be answered: whatever must survive is stored before this returns. */
  accept(received: ReceivedEvent, raw: Buffer, headers: IncomingHttpHeaders): void;
  /**
   * Has another resource answer an HTTP event. Never rejects, and takes 4 s at most.
   *
   * @param type upper-cased
   * @param body as received, without its key
   */
  answerHttpEvent(type: string, body: Readonly<Record<string, unknown>>): Promise<HttpEventOutcome>;
}

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
