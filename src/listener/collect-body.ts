import { type Answer, LATE, TOO_LARGE } from '../http/answers.ts';
import type { Deadline } from '../http/read-body.ts';
import type { NodeRequest } from './push-event-listener.ts';

/** The whole body, an answer that ends it early, or null when the client went away. */
export type CollectedBody = Uint8Array | Answer | null;

/** By when bodies have to be whole, in milliseconds from the head on. */
export const BODY_DEADLINE_MS = 4_000;

/**
 * Reads the whole body of a request to Node's server.
 *
 * @param done called once
 */
export function collectBody(
  request: NodeRequest,
  maxBytes: number,
  deadline: Deadline,
  done: (body: CollectedBody) => void,
): void {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isSettled = false;
  const settle = (body: CollectedBody) => {
    if (isSettled) return;
    isSettled = true;
    cancelDeadline();
    done(body);
  };
  const cancelDeadline = deadline(() => settle(LATE));
  request.on('data', (chunk) => {
    length += chunk.byteLength;
    if (length > maxBytes) settle(TOO_LARGE);
    else chunks.push(chunk);
  });
  request.on('end', () => settle(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
  request.on('error', () => settle(null));
}
