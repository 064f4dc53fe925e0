import type { ReceiveResult } from '../push-events/receive-event.ts';

/** What an answer to `POST /event` says. The texts of 200 and 400 are the documented contract of a Sonoran CAD listener. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

export const TOO_LARGE: Answer = { status: 413, text: 'Body Too Large' };
export const LATE: Answer = { status: 408, text: 'Request Timeout' };
export const TOO_MANY_WRONG_KEYS: Answer = { status: 429, text: 'Too Many Wrong Keys' };

const REFUSALS: Readonly<Record<'invalid-json' | 'wrong-key' | 'invalid-type', Answer>> = {
  'invalid-json': { status: 400, text: 'Invalid JSON' },
  'wrong-key': { status: 400, text: 'Authentication Key Failed!' },
  'invalid-type': { status: 400, text: 'Invalid Type' },
};

const OK: Answer = { status: 200, text: 'ok' };

/** @returns the answer to an event that was read, or to a body that was not one */
export function answerFor(result: ReceiveResult): Answer {
  if (!result.accepted) return REFUSALS[result.reason];
  const { event } = result;
  if (event.valid) return OK;
  return { status: 200, text: `ok (data not understood: ${event.issues?.[0] ?? 'data: unexpected'})` };
}
