import type { IncomingMessage } from 'node:http';
import type { Clock } from '../platform/clock.ts';

export type BodyOutcome =
  | { readonly status: 'whole'; readonly body: Buffer }
  /** Larger than allowed. */
  | { readonly status: 'too-large' }
  /** Not there within the deadline. */
  | { readonly status: 'late' }
  /** FXServer dropped a chunked body on the way. */
  | { readonly status: 'lost' }
  /** The client went away. */
  | { readonly status: 'aborted' };

/** A request whose body the game server delivers in one piece, so that no stream is needed. */
export interface WholeBodyRequest {
  /** @param done called once, possibly before this returns */
  readWhole(
    done: (outcome: { status: 'whole'; body: Buffer } | { status: 'lost' } | { status: 'aborted' }) => void,
  ): void;
}

export interface BodyLimits {
  readonly maxBytes: number;
  readonly deadlineMs: number;
}

/**
 * Reads the whole body of a request, from the game port or from a plain Node server. Never rejects.
 */
export function readBody(request: IncomingMessage, limits: BodyLimits, clock: Clock): Promise<BodyOutcome> {
  const { promise, resolve } = Promise.withResolvers<BodyOutcome>();
  if (Number(request.headers['content-length'] ?? 0) > limits.maxBytes) return Promise.resolve({ status: 'too-large' });
  let settled = false;
  let cancelDeadline: (() => void) | null = null;
  const settle = (outcome: BodyOutcome) => {
    if (settled) return;
    settled = true;
    cancelDeadline?.();
    resolve(outcome);
  };
  if (isWholeBodyRequest(request)) {
    request.readWhole((outcome) => {
      const tooLarge = outcome.status === 'whole' && outcome.body.length > limits.maxBytes;
      settle(tooLarge ? { status: 'too-large' } : outcome);
    });
  } else {
    collect(request, limits.maxBytes, settle);
  }
  // Most bodies are there by now, and a timer for each would be made in vain.
  if (!settled) cancelDeadline = clock.after(limits.deadlineMs, () => settle({ status: 'late' }));
  return promise;
}

function isWholeBodyRequest(request: object): request is WholeBodyRequest {
  return 'readWhole' in request && typeof request.readWhole === 'function';
}

function collect(request: IncomingMessage, maxBytes: number, settle: (outcome: BodyOutcome) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBytes) settle({ status: 'too-large' });
    else chunks.push(chunk);
  });
  request.on('end', () => settle({ status: 'whole', body: Buffer.concat(chunks) }));
  request.on('close', () => settle({ status: 'aborted' }));
  request.on('error', () => settle({ status: 'aborted' }));
}
