/** What stands in the way, in the terms in which an operator can do something about it. */
export type ApiErrorKind =
  /** Requests are switched off, or there is no key. */
  | 'disabled'
  /** 401: the key. */
  | 'key'
  /** 402: the community's plan. */
  | 'plan'
  /** 404 where a server is named: the server id. */
  | 'server'
  /** 429, or our own budget: too many requests. */
  | 'limit'
  /** Any other 4xx: what was asked. */
  | 'refused'
  /** No answer in time, no connection, 5xx. */
  | 'unreachable'
  /** An answer that is not what it should be. */
  | 'unreadable'
  /** The resource is stopping. */
  | 'stopped';

export interface ApiError {
  readonly kind: ApiErrorKind;
  /** The HTTP status; null when there was no answer. */
  readonly status: number | null;
  /** One sentence that an operator can act on; never holds the key. */
  readonly message: string;
  /** By which the CAD's support finds the request. */
  readonly traceId: string | null;
}

/**
 * What came of a request: requests never throw. `answer` is what the CAD sent, in its own casing, of which `data` was read, or
 * its error as documented, without keys and addresses; missing where there was none.
 */
export type ApiResult<T> =
  | { readonly ok: true; readonly data: T; readonly answer?: unknown }
  | { readonly ok: false; readonly error: ApiError; readonly answer?: unknown };

/** What came of a request that failed. */
export type Failure = ApiResult<never> & { readonly ok: false };

/** @returns a failed result; with neither status nor trace id unless given */
export function failure(
  kind: ApiErrorKind,
  message: string,
  { status = null, traceId = null }: Partial<Pick<ApiError, 'status' | 'traceId'>> = {},
): Failure {
  return { ok: false, error: { kind, status, message, traceId } };
}

/** @returns whole seconds, for people */
export function inSeconds(milliseconds: number): string {
  return `${Math.max(1, Math.ceil(milliseconds / 1_000))} s`;
}

/** Nothing is asked any more. */
export const stopped = (): Failure =>
  failure('stopped', 'The resource is stopping: nothing is asked of the CAD any more.');

/** What is known about an answer that is no success. */
export interface AnsweredError {
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

/** Says what an operator can do about an answer that is no success. */
export function answeredError(answer: AnsweredError): Failure {
  const { status, said, traceId } = answer;
  const [kind, message] = meaningOf(answer);
  // A redirect's words are not the CAD's.
  const reason = said === null || kind === 'unreadable' ? '' : ` The CAD says: ${said}`;
  return failure(kind, `${message}${reason}`, { status, traceId });
}

function meaningOf({ status, said, retryAfterMs, serverId, about }: AnsweredError): [ApiErrorKind, string] {
  if (status === 0 || (status >= 300 && status < 400)) {
    const why = 'which is not followed because the API key must not travel: correct apiUrl';
    return ['unreadable', `The CAD's API answers with a redirect (${status}), ${why}.`];
  }
  if (status >= 500) {
    return ['unreachable', `The CAD's API is out of order (${status}): nothing can be done here but wait.`];
  }
  if (status === 401) {
    return ['key', "The CAD refused the API key (401): put the key from the community's admin settings into apiKey."];
  }
  if (status === 402) {
    return ['plan', "The community's plan does not include this (402): it needs a higher plan of the CAD."];
  }
  if (status === 404) {
    const blamesServer = about === null || (said !== null && /\bserver/i.test(said));
    if (serverId !== null && blamesServer) {
      const fix = "set serverId to this server's number in the CAD's server list";
      return ['server', `The CAD knows no server ${serverId} (404): ${fix}.`];
    }
    const orServer = serverId === null ? '' : `, or no server ${serverId}`;
    return ['refused', `The CAD knows no such ${about ?? 'address'} (404)${orServer}.`];
  }
  if (status === 429) {
    const wait = retryAfterMs === null ? 'wait a minute' : `wait ${inSeconds(retryAfterMs)}`;
    const why = 'All servers and bots that use the same key share one limit.';
    return ['limit', `The CAD takes no more requests of this kind for now (429): ${wait}. ${why}`];
  }
  return ['refused', `The CAD refused the request (${status}).`];
}
