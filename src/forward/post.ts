import * as http from 'node:http';
import * as https from 'node:https';

/** How one HTTP request ended. */
export type PostResult =
  | { readonly outcome: 'answered'; readonly status: number; readonly body: string }
  | { readonly outcome: 'failed'; readonly reason: string };

export interface PostOptions {
  readonly url: URL;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds for everything, from the lookup of the name to the last byte of the answer. */
  readonly deadlineMs: number;
}

/** A listener may answer with megabytes; nobody reads them. */
const MAX_ANSWER_BYTES = 4 * 1024;

/**
 * POSTs a body and says how it went; never throws. `node:http` rather than `fetch`: fetch cannot tell whether a request went
 * out, and prints the credentials of a URL in its errors. Redirects are not followed: they are answers like any other.
 */
export function post({ url, body, headers, deadlineMs }: PostOptions): Promise<PostResult> {
  const { promise, resolve } = Promise.withResolvers<PostResult>();
  const client = url.protocol === 'https:' ? https : http;
  const request = client.request(url, {
    method: 'POST',
    headers: { ...headers, 'content-length': String(body.byteLength) },
    signal: AbortSignal.timeout(deadlineMs),
  });
  const fail = (error: unknown) => resolve({ outcome: 'failed', reason: failureReason(error, deadlineMs) });
  request.on('error', fail);
  request.on('response', (response) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = () => {
      const text = Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString();
      resolve({ outcome: 'answered', status: response.statusCode ?? 0, body: text });
    };
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length < MAX_ANSWER_BYTES) return;
      finish();
      request.destroy();
    });
    response.on('end', finish);
    response.on('error', fail);
  });
  request.end(body);
  return promise;
}

/** Codes are the same for every error of a kind, and a message may hold what nobody should read. */
function failureReason(error: unknown, deadlineMs: number): string {
  const { name, code } = error as { name?: unknown; code?: unknown };
  if (name === 'TimeoutError' || name === 'AbortError') return `no answer within ${deadlineMs / 1000} s`;
  return typeof code === 'string' ? code : 'the request failed';
}
