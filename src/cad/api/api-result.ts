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

/** What came of a request: requests never throw. */
export type ApiResult<T> = { readonly ok: true; readonly data: T } | { readonly ok: false; readonly error: ApiError };
