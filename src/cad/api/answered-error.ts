import { failure, inSeconds } from './api-error.ts';
import type { ApiResult } from './api-result.ts';

/** What is known about an answer that is no success. */
export interface Refusal {
  readonly status: number;
  /** What the CAD says itself, fit to be shown; null for nothing. */
  readonly said: string | null;
  readonly traceId: string | null;
  /** Milliseconds that it asks to be left alone. */
  readonly retryAfterMs: number | null;
  /** The server that the request names; null when it names none. */
  readonly serverId: number | null;
  /** What it names beside that; null for nothing. */
  readonly about: string | null;
}

type Failure = ApiResult<never> & { readonly ok: false };

/** Says what an operator can do about an answer that is no success. */
export function answeredError(refusal: Refusal): Failure {
  const { status, said, traceId } = refusal;
  const reason = said === null ? '' : ` The CAD says: ${said}`;
  const fail = (kind: Parameters<typeof failure>[0], message: string) =>
    failure(kind, `${message}${reason}`, { status, traceId });

  if (status === 0 || (status >= 300 && status < 400)) {
    return failure(
      'unreadable',
      `The CAD's API answers with a redirect (${status}), which is not followed because the API key must not travel: correct apiUrl.`,
      { status, traceId },
    );
  }
  if (status >= 500) {
    return fail('unreachable', `The CAD's API is out of order (${status}): nothing can be done here but wait.`);
  }
  switch (status) {
    case 401:
      return fail(
        'key',
        "The CAD refused the API key (401): put the key from the community's admin settings into apiKey.",
      );
    case 402:
      return fail('plan', "The community's plan does not include this (402): it needs a higher plan of the CAD.");
    case 404:
      return missing(refusal, fail);
    case 429: {
      const wait = refusal.retryAfterMs === null ? 'wait a minute' : `wait ${inSeconds(refusal.retryAfterMs)}`;
      return fail(
        'limit',
        `The CAD takes no more requests of this kind for now (429): ${wait}. All servers and bots that use the same key share one limit.`,
      );
    }
    default:
      return fail('refused', `The CAD refused the request (${status}).`);
  }
}

function missing(
  { serverId, about, said }: Refusal,
  fail: (kind: 'server' | 'refused', message: string) => Failure,
): Failure {
  const blamesServer = about === null || (said !== null && /\bserver/i.test(said));
  if (serverId !== null && blamesServer) {
    return fail(
      'server',
      `The CAD knows no server ${serverId} (404): set serverId to this server's number in the CAD's server list.`,
    );
  }
  const orServer = serverId === null ? '' : `, or no server ${serverId}`;
  return fail('refused', `The CAD knows no such ${about ?? 'address'} (404)${orServer}.`);
}
