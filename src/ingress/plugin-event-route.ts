import type { RouterContext } from '@koa/router';
import type { HttpEventOutcome } from '../push-events/http-event.ts';
import { isNestedTooDeep } from '../push-events/nesting.ts';
import { readEnvelope } from '../push-events/read-envelope.ts';
import type { AppOptions } from './app-options.ts';
import { type Answer, sendAnswer } from './event-answers.ts';
import type { KeyedPosts } from './keyed-posts.ts';
import type { BodyOutcome } from './read-body.ts';

/** What says nothing of the handler, whose errors may quote anything. */
const FAILURES: Readonly<Record<Exclude<HttpEventOutcome['status'], 'answered'>, Answer>> = {
  unhandled: { status: 404, text: 'No Handler' },
  failed: { status: 500, text: 'Handler Failed' },
  late: { status: 504, text: 'Handler Timeout' },
};

/** No handler could be handed it. */
const TOO_DEEP: Answer = { status: 400, text: 'Nested Too Deep' };

const JSON_TEXT = 'application/json; charset=utf-8';

/** `POST /pluginevent`: asks the resource that handles the type, and answers what it returns. */
export function createPluginEventRoute(
  posts: KeyedPosts,
  { keys, answerHttpEvent }: Pick<AppOptions, 'keys' | 'answerHttpEvent'>,
): (context: RouterContext) => Promise<void> {
  async function answer(context: RouterContext, body: BodyOutcome): Promise<void> {
    const { req } = context;
    if (body.status !== 'whole') {
      const refusal = posts.refuseLost(body.status, req);
      if (refusal !== null) sendAnswer(context, refusal);
      return;
    }
    const envelope = readEnvelope(body.body, keys());
    if (!envelope.accepted) return sendAnswer(context, posts.refuse(envelope.reason, req));
    if (isNestedTooDeep(envelope.body, body.body.length)) return sendAnswer(context, TOO_DEEP);
    const outcome = await answerHttpEvent(envelope.type, envelope.body);
    if (outcome.status !== 'answered') return sendAnswer(context, FAILURES[outcome.status]);
    sendAnswer(context, { status: 200, text: outcome.json }, JSON_TEXT);
  }

  return (context) => posts.read(context.req, (body) => answer(context, body));
}
