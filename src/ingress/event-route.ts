import type { IncomingMessage } from 'node:http';
import type { RouterContext } from '@koa/router';
import { receiveEvent } from '../push-events/receive-event.ts';
import type { AppOptions } from './app-options.ts';
import { type Answer, answerFor, sendAnswer } from './event-answers.ts';
import type { KeyedPosts } from './keyed-posts.ts';
import { logReceived } from './log-received.ts';

const EXPLANATION =
  'Sonoran CAD push events are received here by POST. If you can read this, the address is reachable.\n';

type EventRouteOptions = Pick<AppOptions, 'keys' | 'accept' | 'log' | 'clock'>;

/** The two faces of `/event`: what the CAD posts, and what a person sees who opens the address in a browser. */
export function createEventRoute(posts: KeyedPosts, { keys, accept, log, clock }: EventRouteOptions) {
  function take(raw: Buffer, request: IncomingMessage): Answer {
    const result = receiveEvent(raw, keys(), 'http', clock.now());
    if (!result.accepted) return posts.refuse(result.reason, request);
    accept(result, raw, request.headers);
    logReceived(result, log);
    return answerFor(result.event);
  }

  return {
    explain(context: RouterContext): void {
      context.body = EXPLANATION;
    },
    receive(context: RouterContext): Promise<void> {
      const { req } = context;
      return posts.read(req, (outcome) => {
        const answer = outcome.status === 'whole' ? take(outcome.body, req) : posts.refuseLost(outcome.status, req);
        if (answer !== null) sendAnswer(context, answer);
      });
    },
  };
}
