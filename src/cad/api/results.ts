/** Kinds of errors, by what an operator can do about them. */
export type ApiErrorKind =
  /** `apiSendEnabled` is off, or there is no usable key. */
  | 'disabled'
  /** 401: the CAD refused the key. */
  | 'key'
  /** 402: the community's plan does not include the endpoint. */
  | 'plan'
  /** 404 for a request that names a server: the CAD does not know its id. */
  | 'server'
  /** 429, or this resource's own rate limit. */
  | 'limit'
  /** Any other 4xx, or a request that was not sent because it is invalid. */
  | 'refused'
  /** A timeout, a failed connection or a 5xx. */
  | 'unreachable'
  /** An answer of an unexpected shape. */
  | 'unreadable'
  /** The resource is stopping. */
  | 'stopped';

export interface ApiError {
  readonly kind: ApiErrorKind;
  /** The HTTP status; null when there was no answer. */
  readonly status: number | null;
  /** One sentence that an operator can act on, without the key. */
  readonly message: string;
  /** The id by which the CAD's support finds the request. */
  readonly traceId: string | null;
}

/**
 * The result of a request, which never throws. `answer` is the CAD's JSON in its own casing: the source of `data`, or
 * its error without keys and addresses. It is missing when the CAD sent no JSON.
 */
export type ApiResult<T> =
  | { readonly ok: true; readonly data: T; readonly answer?: unknown }
  | { readonly ok: false; readonly error: ApiError; readonly answer?: unknown };

/** The result of a failed request. */
export type Failure = ApiResult<never> & { readonly ok: false };

/** Creates the result of a failed request. */
export function failure(
  kind: ApiErrorKind,
  message: string,
  { status = null, traceId = null }: Partial<Pick<ApiError, 'status' | 'traceId'>> = {},
): Failure {
  return { ok: false, error: { kind, status, message, traceId } };
}

/** Formats a duration as whole seconds, rounded up. */
export function inSeconds(milliseconds: number): string {
  return `${Math.max(1, Math.ceil(milliseconds / 1_000))} s`;
}

/** Creates the result of a request that is not sent because the resource is stopping. */
export function stopped(): Failure {
  return failure('stopped', 'The resource is stopping and sends no more requests to the CAD.');
}

/** The facts about an error answer that its message depends on. */
export interface AnsweredError {
  readonly status: number;
  /** The CAD's own message, without secrets; null when it sent none. */
  readonly cadMessage: string | null;
  readonly traceId: string | null;
  /** Milliseconds from `Retry-After`; null when the answer has none. */
  readonly retryAfterMs: number | null;
  /** The server id in the request; null when it names none. */
  readonly serverId: number | null;
  /** The other kind of thing that the request names, such as `call`; null when it names none. */
  readonly about: string | null;
}

/** Creates the result for an error answer, with a message that says what an operator can do. */
export function answeredError(answer: AnsweredError): Failure {
  const { status, cadMessage, traceId } = answer;
  const [kind, message] = describeStatus(answer);
  // The text of a redirect may come from another server than the CAD.
  const reason = cadMessage === null || kind === 'unreadable' ? '' : ` The CAD says: ${cadMessage}`;
  return failure(kind, `${message}${reason}`, { status, traceId });
}

function describeStatus({ status, cadMessage, retryAfterMs, serverId, about }: AnsweredError): [ApiErrorKind, string] {
  if (status === 0 || (status >= 300 && status < 400)) {
    const why = 'which is not followed, because the API key must not be sent to another address: correct apiUrl';
    return ['unreadable', `The CAD's API answers with a redirect (${status}), ${why}.`];
  }
  if (status >= 500) {
    return ['unreachable', `The CAD's API is out of order (${status}): wait until it works again.`];
  }
  if (status === 401) {
    return ['key', "The CAD refused the API key (401): put the key from the community's admin settings into apiKey."];
  }
  if (status === 402) {
    return ['plan', "The community's plan does not include this (402): it needs a higher plan."];
  }
  if (status === 404) {
    const blamesServer = about === null || (cadMessage !== null && /\bserver/i.test(cadMessage));
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
