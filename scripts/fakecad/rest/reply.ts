import { randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';

/** An answer of the API. */
export interface Reply {
  readonly status: number;
  /** Becomes JSON, unless it is text already. */
  readonly body: unknown;
  readonly type: 'application/json' | 'application/problem+json' | 'text/plain';
  readonly headers?: Readonly<Record<string, string>>;
}

/** @returns 200 with this body */
export const ok = (body: unknown): Reply => ({ status: 200, body, type: 'application/json' });

/** An error as the CAD itself words it; where it happened is added on the way out. */
export function problem(status: number, detail: string, type = `https://httpstatuses.com/${status}`): Reply {
  const body = { type, title: STATUS_CODES[status], status, detail };
  return { status, body, type: 'application/problem+json' };
}

/** What the gateway in front of the CAD answers when there were too many requests. */
export function tooMany(retryAfter: number | undefined): Reply {
  const id = randomBytes(16).toString('hex');
  return {
    status: 429,
    body: { message: 'API rate limit exceeded', request_id: id },
    type: 'application/json',
    headers: { 'x-kong-request-id': id, ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }) },
  };
}
