import type { RouterContext } from '@koa/router';
import type { PushEvent } from '../push-events/push-event.ts';
import type { EnvelopeRefusal } from '../push-events/read-envelope.ts';

/** What an answer to `POST /event` says. The texts of 200 and 400 are the documented contract of a Sonoran CAD listener. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A response that takes the whole of a short answer in one call, so that no headers are kept first. */
export interface TextAnswering {
  /** Does what setting `statusCode`, `setHeader('Content-Type', ...)` and `end(text)` do. @param status one of an answer with a body */
  answerText(status: number, contentType: string, text: string): void;
}

export const TOO_LARGE: Answer = { status: 413, text: 'Body Too Large' };
export const LATE: Answer = { status: 408, text: 'Request Timeout' };
export const TOO_MANY_WRONG_KEYS: Answer = { status: 429, text: 'Too Many Wrong Keys' };

const NOT_AUTHENTICATED: Answer = { status: 400, text: 'Authentication Key Failed!' };

export const REFUSALS: Readonly<Record<EnvelopeRefusal, Answer>> = {
  'invalid-json': { status: 400, text: 'Invalid JSON' },
  'no-key': NOT_AUTHENTICATED,
  'wrong-key': NOT_AUTHENTICATED,
  'invalid-type': { status: 400, text: 'Invalid Type' },
};

const OK: Answer = { status: 200, text: 'ok' };

const PLAIN_TEXT = 'text/plain; charset=utf-8';

/** @returns the answer to an event that was taken */
export function answerFor(event: PushEvent): Answer {
  if (event.valid) return OK;
  return { status: 200, text: `ok (data not understood: ${event.issues?.[0] ?? 'data: unexpected'})` };
}

/** @param contentType of the text, which is plain unless said */
export function sendAnswer(context: RouterContext, { status, text }: Answer, contentType = PLAIN_TEXT): void {
  const { res } = context;
  // Past Koa, which would find out again for each event what is known here.
  context.respond = false;
  if (isTextAnswering(res)) {
    res.answerText(status, contentType, text);
    return;
  }
  res.statusCode = status;
  res.setHeader('Content-Type', contentType);
  res.end(text);
}

function isTextAnswering(response: object): response is TextAnswering {
  return 'answerText' in response && typeof response.answerText === 'function';
}
