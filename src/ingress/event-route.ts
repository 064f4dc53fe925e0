import type { RouterContext } from '@koa/router';
import { receiveEvent } from '../push-events/receive-event.ts';
import type { AppOptions } from './app.ts';
import { type Answer, answerFor, LATE, TOO_LARGE } from './event-answers.ts';
import { type BodyOutcome, readBody } from './read-body.ts';

/** Far more than any event of the CAD, and little enough for the game to take in one piece. */
const MAX_BODY_BYTES = 1024 * 1024;
/** The game server may close the connection 5 s after the last byte of a request. */
const BODY_DEADLINE_MS = 4_000;

const EXPLANATION =
  'Sonoran CAD push events are received here by POST. If you can read this, the address is reachable.\n';

/** The two faces of `/event`: what the CAD posts, and what a person sees who opens the address in a browser. */
export function createEventRoute({ keys, accept, log, clock }: Pick<AppOptions, 'keys' | 'accept' | 'log' | 'clock'>) {
  function answerBody(outcome: BodyOutcome): Answer | null {
    switch (outcome.status) {
      case 'too-large':
        return TOO_LARGE;
      case 'late':
      case 'lost':
        return LATE;
      case 'aborted':
        return null;
      case 'whole':
        return take(outcome.body);
    }
  }

  function take(raw: Buffer): Answer {
    const result = receiveEvent(raw, keys, 'http', clock.now());
    if (result.accepted) {
      accept(result, raw);
      log.debug('An event was received.', { type: result.event.type, id: result.event.id });
    }
    return answerFor(result);
  }

  return {
    explain(context: RouterContext): void {
      context.body = EXPLANATION;
    },
    async receive(context: RouterContext): Promise<void> {
      const outcome = await readBody(context.req, { maxBytes: MAX_BODY_BYTES, deadlineMs: BODY_DEADLINE_MS }, clock);
      const answer = answerBody(outcome);
      if (answer === null) return;
      context.status = answer.status;
      context.body = answer.text;
    },
  };
}
