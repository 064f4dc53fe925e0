import { URL, URLSearchParams } from 'node:url';
import type { Clock } from '../../lib/clock.ts';
import type { CadSettings } from '../settings.ts';
import { apiHost, isApiUrl } from '../settings.ts';
import type { AnswerHeaders } from './answers.ts';
import type { Endpoint, Query } from './endpoints/endpoint.ts';
import { type ApiResult, failure } from './results.ts';

/** What of the configuration the client needs. */
export type ApiConfig = Pick<CadSettings, 'apiSendEnabled' | 'apiKeys' | 'mode' | 'apiUrl' | 'serverId'>;

/** A request as it will be made, but for the key. */
export interface PlannedRequest {
  readonly url: string;
  /** For messages: neither path nor query. */
  readonly host: string;
  readonly body: string | null;
  /** The server that the path names; null for none. */
  readonly serverId: number | null;
}

const MAX_BODY_CHARACTERS = 1024 * 1024;

/** Why nothing is asked of the CAD; null when things are. */
export function disabledError({ apiSendEnabled, apiKeys, apiUrl }: ApiConfig): ReturnType<typeof failure> | null {
  if (!apiSendEnabled) {
    return failure('disabled', 'Nothing is asked of the CAD: apiSendEnabled is false.');
  }
  if (apiKeys.length === 0) {
    return failure('disabled', "There is no API key: put the key from the community's admin settings into apiKey.");
  }
  if (apiUrl !== '' && !isApiUrl(apiUrl)) {
    return failure(
      'disabled',
      'The API key is not sent to apiUrl: it must be an https URL, or an http URL on this machine.',
    );
  }
  return null;
}

/**
 * Makes the address and the body of a request.
 *
 * @returns a refusal when something that the path needs is missing, a list that replaces another has nothing in it, or the body
 *   is over a million characters or no JSON
 */
export function planRequest(
  endpoint: Endpoint<object, unknown>,
  input: object,
  config: ApiConfig,
): { readonly ok: true; readonly plan: PlannedRequest } | (ApiResult<never> & { readonly ok: false }) {
  const path = endpoint.path(input, config.serverId);
  const url = new URL(apiHost(config));
  const base = url.pathname.replace(/\/+$/, '');
  url.pathname = `${base}${path}`;
  url.search = queryOf(endpoint.query?.(input) ?? {});
  url.hash = '';
  // An empty step, or one of dots that the URL takes for "up", would ask for something else.
  if (path.includes('//') || path.endsWith('/') || url.pathname !== `${base}${path}`) {
    return failure('refused', `The request does not say which ${endpoint.about ?? 'server'} it is about.`);
  }
  const { replacesBy } = endpoint;
  if (replacesBy !== null && !isFilledList(Reflect.get(input, replacesBy))) {
    return failure('refused', `The request has no list of ${replacesBy}, and would remove those that the CAD has.`);
  }
  const body = bodyOf(endpoint.body?.(input));
  if (body === undefined) return failure('refused', 'The request holds something that cannot be written as JSON.');
  if (body !== null && body.length > MAX_BODY_CHARACTERS) {
    return failure('refused', 'The request is longer than a million characters.');
  }
  const server = /\/servers\/([^/]+)/.exec(path)?.[1];
  return {
    ok: true,
    plan: { url: url.href, host: url.host, body, serverId: server === undefined ? null : Number(server) },
  };
}

/** Whether a list holds objects with something in them, one at least. */
function isFilledList(given: unknown): boolean {
  const isFilled = (entry: unknown) => typeof entry === 'object' && entry !== null && Object.keys(entry).length > 0;
  return Array.isArray(given) && given.length > 0 && given.every(isFilled);
}

function queryOf(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) params.set(name, String(value));
  }
  return params.toString();
}

/** @returns null for none, undefined when it cannot be written */
function bodyOf(value: unknown): string | null | undefined {
  if (value === undefined) return null;
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** One HTTP request to the CAD. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: string;
  /** JSON; null for none. */
  readonly body: string | null;
  readonly apiKey: string;
}

/** What came of it. */
export type Attempt =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: AnswerHeaders; readonly body: string }
  | { readonly kind: 'tooLong'; readonly status: number; readonly headers: AnswerHeaders }
  | { readonly kind: 'timeout'; readonly afterMs: number }
  /** No connection, or one that broke; `code` as the system names it. */
  | { readonly kind: 'failed'; readonly code: string };

/** A request under way. */
export interface Sending {
  /** Never rejected; never settled after `abort`. */
  readonly attempt: Promise<Attempt>;
  abort(): void;
}

export interface SendOptions {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** The resource's, for the `User-Agent`. */
  readonly version: string;
}

const MAX_ANSWER_BYTES = 5 * 1024 * 1024;
const CODE = /^[A-Z][A-Z0-9_]{1,40}$/;

/**
 * Makes one request. Redirects are answers like any other, since the key must not travel to where they lead.
 *
 * @param deadlineMs by when the answer has to be whole
 */
export function sendRequest(request: OutgoingRequest, deadlineMs: number, options: SendOptions): Sending {
  const controller = new AbortController();
  let abort = (): void => controller.abort();

  const attempt = new Promise<Attempt>((resolve) => {
    const stopWaiting = options.clock.after(deadlineMs, () => end({ kind: 'timeout', afterMs: deadlineMs }));
    let isOver = false;

    function end(result: Attempt): void {
      if (isOver) return;
      isOver = true;
      stopWaiting();
      resolve(result);
      if (result.kind !== 'answered') controller.abort();
    }

    abort = () => {
      isOver = true;
      stopWaiting();
      controller.abort();
    };
    receive(request, controller.signal, options).then(end, (error) => end({ kind: 'failed', code: codeOf(error) }));
  });
  return { attempt, abort: () => abort() };
}

async function receive(request: OutgoingRequest, signal: AbortSignal, options: SendOptions): Promise<Attempt> {
  const { method, url, body } = request;
  const response = await options.fetch(url, {
    method,
    body,
    headers: headersOf(request, options.version),
    redirect: 'manual',
    signal,
  });
  const { status, headers } = response;
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) break;
    chunks.push(chunk.value);
    length += chunk.value.byteLength;
    if (length > MAX_ANSWER_BYTES) return { kind: 'tooLong', status, headers };
  }
  return { kind: 'answered', status, headers, body: Buffer.concat(chunks).toString() };
}

/** The only place where the key goes into a request. */
function headersOf({ apiKey, body }: OutgoingRequest, version: string): Record<string, string> {
  return {
    authorization: `Bearer ${apiKey}`,
    accept: 'application/json',
    'user-agent': `sonorancad/${version}`,
    ...(body !== null && { 'content-type': 'application/json' }),
  };
}

/** Only the code: messages of `fetch` hold addresses. */
function codeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  return [cause?.code, code].find((each): each is string => typeof each === 'string' && CODE.test(each)) ?? 'NO_ANSWER';
}
