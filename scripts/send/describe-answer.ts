import type { Answer } from './post-payload.ts';

const LONGEST = 200;

/** @returns whether it is the answer of a listener that has taken the event: any web server may say 200 */
export function isAccepted({ status, text }: Answer): boolean {
  return status === 200 && /^ok\b/.test(text);
}

/** @returns the line for an answer, such as `EVENT_911 → 200 ok`: one line whatever the answer holds */
export function describeAnswer(type: string, { status, text }: Answer): string {
  const flat = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  const shown = flat.length > LONGEST ? `${flat.slice(0, LONGEST)}…` : flat;
  return `${type} → ${status} ${shown}`.trimEnd();
}

/** @returns the line for a request that got no answer */
export function describeFailure(type: string, url: URL, error: NodeJS.ErrnoException): string {
  if (error.code === 'ECONNREFUSED')
    return `nothing listens at ${url.href}: is \`npm start\` running? When it has another port, give --url http://127.0.0.1:<port>.`;
  if (error.code === 'ABORT_ERR') return `${type} → no answer within 5 seconds`;
  return `${type} → no answer: ${error.message || error.code}`;
}
