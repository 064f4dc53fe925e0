import type { RequestHead } from './request-head.ts';

/** The first value of a request header, found without regard to case. */
export function requestHeader(request: RequestHead, name: string, fallback: string): string {
  return request.headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? fallback;
}

/**
 * Headers as a script gets them: names in the client's casing, ordered bytewise, the first of equal names wins,
 * bytes read as UTF-8.
 */
export function scriptHeaders(request: RequestHead): Record<string, string> {
  const sorted = [...request.headers].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of sorted) {
    if (!(name in headers)) headers[name] = latin1AsUtf8(value);
  }
  return headers;
}

/** Reads text of one character a byte as the UTF-8 that it is; invalid bytes become U+FFFD. */
export function latin1AsUtf8(text: string): string {
  return /[\x80-\xff]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text;
}
