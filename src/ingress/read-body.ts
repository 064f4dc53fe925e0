import type { IncomingMessage } from 'node:http';
import type { Deadline } from './deadlines.ts';

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
  readWhole(done: (outcome: Extract<BodyOutcome, { status: 'whole' | 'lost' | 'aborted' }>) => void): void;
}

/**
 * Reads the whole body of a request, from the game port or from a plain Node server.
 *
 * @param deadline by when it has to be there
 * @param use called once, in the very call that brings the body: with a promise in between it would wait for the next pass of the
 *   game server's loop
 * @returns what `use` gives, or rejects with what it throws
 */
export function readBody<Used>(
  request: IncomingMessage,
  maxBytes: number,
  deadline: Deadline,
  use: (outcome: BodyOutcome) => Used,
): Promise<Awaited<Used>> {
  return new Promise((resolve, reject) => {
    read(request, maxBytes, deadline, (outcome) => {
      try {
        resolve(use(outcome) as Awaited<Used>);
      } catch (error) {
        reject(error);
      }
    });
  });
}

function read(
  request: IncomingMessage,
  maxBytes: number,
  deadline: Deadline,
  done: (outcome: BodyOutcome) => void,
): void {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    done({ status: 'too-large' });
    return;
  }
  let settled = false;
  let cancelDeadline: (() => void) | null = null;
  const settle = (outcome: BodyOutcome) => {
    if (settled) return;
    settled = true;
    cancelDeadline?.();
    done(outcome);
  };
  if (isWholeBodyRequest(request)) {
    request.readWhole((outcome) => {
      const tooLarge = outcome.status === 'whole' && outcome.body.length > maxBytes;
      settle(tooLarge ? { status: 'too-large' } : outcome);
    });
  } else {
    collect(request, maxBytes, settle);
  }
  if (!settled) cancelDeadline = deadline(() => settle({ status: 'late' }));
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
