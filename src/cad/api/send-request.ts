import type { Clock } from '../../lib/clock.ts';
import type { CadSettings } from '../settings.ts';
import { isApiUrl } from '../settings.ts';
import { failure } from './results.ts';

/** What of the configuration the client needs. */
export type ApiConfig = Pick<CadSettings, 'apiSendEnabled' | 'apiKeys' | 'mode' | 'apiUrl' | 'serverId'>;

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

/** One HTTP request to the CAD. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: string;
  /** JSON; null for none. */
  readonly body: string | null;
  readonly apiKey: string;
}

/** What of an answer's headers is needed; names in lower case. */
export interface AnswerHeaders {
  get(name: string): string | null;
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
