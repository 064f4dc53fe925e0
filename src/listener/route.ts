import type { Answer } from '../http/answers.ts';

export const NOT_FOUND: Answer = { status: 404, text: 'Not Found' };
const METHOD_NOT_ALLOWED: Answer = { status: 405, text: 'Method Not Allowed' };

const EXPLANATION: Answer = {
  status: 200,
  text: 'Sonoran CAD push events are received here by POST. If you can read this, the address is reachable.\n',
};

/** The methods of the path. */
const ALLOWED = 'GET, HEAD, POST';

/** @returns what to answer at the path of push events, or null when there is a push event to be received */
export function answerWithoutBody(method: string | undefined): Answer | null {
  if (method === 'POST') return null;
  return method === 'GET' || method === 'HEAD' ? EXPLANATION : METHOD_NOT_ALLOWED;
}

/** Those of the answers that are always the same, which is nearly all of them. */
const headersOf = new WeakMap<Answer, Record<string, string>>();

/** @returns the headers that go with an answer */
export function answerHeaders(answer: Answer): { readonly [name: string]: string } {
  const known = headersOf.get(answer);
  if (known !== undefined) return known;
  const made = makeHeaders(answer);
  headersOf.set(answer, made);
  return made;
}

function makeHeaders({ status, text }: Answer): Record<string, string> {
  const headers: Record<string, string> = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(text)),
  };
  if (status === 405) headers.Allow = ALLOWED;
  // What is left of a late body would be taken for the next request.
  if (status === 408) headers.Connection = 'close';
  return headers;
}

/** @returns whether an address, with or without a query, is of that path */
export function isAt(path: string, url: string | undefined): boolean {
  if (url === undefined || !url.startsWith(path)) return false;
  return url.length === path.length || url[path.length] === '?';
}
