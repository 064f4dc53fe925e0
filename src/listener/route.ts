import { type Answer, EXPLANATION } from '../http/answers.ts';

/** Gives the value of a header by its name in lower case; of several the first. */
export type HeaderOf = (name: string) => string | undefined;

/** @param rawHeaders names and values in turn: making Node's object of them would cost more than a few lookups */
export function headerOf(rawHeaders: readonly string[]): HeaderOf {
  return (name) => {
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const given = rawHeaders[at];
      if (given?.length === name.length && given.toLowerCase() === name) return rawHeaders[at + 1];
    }
    return undefined;
  };
}

export const NOT_FOUND: Answer = { status: 404, text: 'Not Found' };
const METHOD_NOT_ALLOWED: Answer = { status: 405, text: 'Method Not Allowed' };

/** @returns what to answer at the path of push events, or null when there is a push event to be received */
export function answerWithoutBody(method: string | undefined): Answer | null {
  if (method === 'POST') return null;
  return method === 'GET' || method === 'HEAD' ? EXPLANATION : METHOD_NOT_ALLOWED;
}

/** @returns the headers that go with an answer */
export function answerHeaders({ status, text }: Answer): Record<string, string> {
  const headers: Record<string, string> = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(text)),
  };
  if (status === 405) headers.Allow = 'GET, HEAD, POST';
  // What is left of a late body would be taken for the next request.
  if (status === 408) headers.Connection = 'close';
  return headers;
}

/** @returns whether an address, with or without a query, is of that path */
export function isAt(path: string, url: string | undefined): boolean {
  if (url === undefined || !url.startsWith(path)) return false;
  return url.length === path.length || url[path.length] === '?';
}
