import type { RouterContext } from '@koa/router';
import type { HttpEventOutcome, PushEvent } from '../events/push-event.ts';
import type { EnvelopeRefusal } from '../events/read-envelope.ts';

/** What an answer to `POST /event` says. The texts of 200 and 400 are the documented contract of a Sonoran CAD listener. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

export const EXPLANATION: Answer = {
  status: 200,
  text: 'Sonoran CAD push events are received here by POST. If you can read this, the address is reachable.\n',
};
export const TOO_LARGE: Answer = { status: 413, text: 'Body Too Large' };
export const LATE: Answer = { status: 408, text: 'Request Timeout' };
export const TOO_MANY_WRONG_KEYS: Answer = { status: 429, text: 'Too Many Wrong Keys' };
/** Wrong keys that a network may send before it is turned away without a line in the console. */
export const WRONG_KEYS = { most: 20, windowMs: 60_000 };
/** No handler of an HTTP event could be handed it. */
export const TOO_DEEP: Answer = { status: 400, text: 'Nested Too Deep' };

const NOT_AUTHENTICATED: Answer = { status: 400, text: 'Authentication Key Failed!' };

export const REFUSALS: Readonly<Record<EnvelopeRefusal, Answer>> = {
  'invalid-json': { status: 400, text: 'Invalid JSON' },
  'no-key': NOT_AUTHENTICATED,
  'wrong-key': NOT_AUTHENTICATED,
  'invalid-type': { status: 400, text: 'Invalid Type' },
};

/** What says nothing of the handler of an HTTP event, whose errors may quote anything. */
export const FAILURES: Readonly<Record<Exclude<HttpEventOutcome['status'], 'answered'>, Answer>> = {
  unhandled: { status: 404, text: 'No Handler' },
  failed: { status: 500, text: 'Handler Failed' },
  late: { status: 504, text: 'Handler Timeout' },
};

const OK: Answer = { status: 200, text: 'ok' };

/** @returns the answer to an event that was taken */
export function answerFor(event: PushEvent): Answer {
  if (event.valid) return OK;
  return { status: 200, text: `ok (data not understood: ${event.issues?.[0] ?? 'data: unexpected'})` };
}

/** Answers in plain text. */
export function sendAnswer(context: RouterContext, { status, text }: Answer): void {
  context.status = status;
  context.set('Content-Type', 'text/plain; charset=utf-8');
  context.body = text;
}
