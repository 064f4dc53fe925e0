import type { IncomingMessage } from 'node:http';

/** Calls `expired` when the time is over. @returns a function that calls it off */
export type Deadline = (expired: () => void) => () => void;

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

/** A body as the game server delivers it. */
export type WholeBody = Extract<BodyOutcome, { status: 'whole' | 'lost' | 'aborted' }>;

/** A request whose body is delivered in one piece, so that no stream is needed. */
export interface WholeBodyRequest {
  /** @param done called once, possibly before this returns */
  readWhole(done: (outcome: WholeBody) => void): void;
}

/**
 * Reads the whole body of a request, from the game port or from a plain Node server.
 *
 * @param deadline by when it has to be there
 */
export function readBody(request: IncomingMessage, maxBytes: number, deadline: Deadline): Promise<BodyOutcome> {
  return new Promise((resolve) => {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
      resolve({ status: 'too-large' });
      return;
    }
    const cancelDeadline = deadline(() => resolve({ status: 'late' }));
    const settle = (outcome: BodyOutcome) => {
      cancelDeadline();
      const isTooLarge = outcome.status === 'whole' && outcome.body.length > maxBytes;
      resolve(isTooLarge ? { status: 'too-large' } : outcome);
    };
    if (isWholeBodyRequest(request)) request.readWhole(settle);
    else collect(request, maxBytes, settle);
  });
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
