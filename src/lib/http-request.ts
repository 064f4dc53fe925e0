import { createSecureContext } from 'node:tls';
import { readStream } from './body.ts';
import type { Clock } from './clock.ts';

/** One HTTP request. Redirects are answers like any other, since what is in the request must not travel to where they lead. */
interface OutgoingRequest {
  readonly url: string;
  /** GET unless given. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | null;
  /** By when the answer has to be whole. */
  readonly deadlineMs: number;
  readonly maxAnswerBytes: number;
}

/** Names in lower case. */
export type AnswerHeaders = Pick<Headers, 'get'>;

/** What came of a request. */
export type Exchange =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: AnswerHeaders; readonly body: string }
  | { readonly kind: 'tooLong'; readonly status: number; readonly headers: AnswerHeaders }
  | { readonly kind: 'timeout'; readonly afterMs: number }
  /** No connection, or one that broke; `code` as the system names it. */
  | { readonly kind: 'failed'; readonly code: string };

const CODE = /^[A-Z][A-Z0-9_]{1,40}$/;

/**
 * Makes one request.
 *
 * @param fetching stands in for `fetch`
 * @returns `exchange`, which is never rejected and never settled after `abort`
 */
export function sendOnce(request: OutgoingRequest, clock: Pick<Clock, 'after'>, fetching: typeof fetch = fetch) {
  const { deadlineMs } = request;
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  let isOver = false;
  const stopWaiting = clock.after(deadlineMs, () => end({ kind: 'timeout', afterMs: deadlineMs }));

  function end(exchange: Exchange | null): void {
    if (isOver) return;
    isOver = true;
    stopWaiting();
    if (exchange !== null) resolve(exchange);
    // Frees the connection of an answer that was not read to its end.
    if (exchange?.kind !== 'answered') controller.abort();
  }

  receive(request, controller.signal, fetching).then(end, (error) => end({ kind: 'failed', code: codeOf(error) }));
  return { exchange: promise, abort: () => end(null) };
}

async function receive(request: OutgoingRequest, signal: AbortSignal, fetching: typeof fetch): Promise<Exchange> {
  const { url, method = 'GET', headers: sent = {}, body = null, maxAnswerBytes } = request;
  const response = await fetching(url, { method, headers: sent, body, redirect: 'manual', signal });
  const { status, headers } = response;
  const read = await readStream(response.body?.getReader(), maxAnswerBytes);
  if (read.status === 'too-large') return { kind: 'tooLong', status, headers };
  return { kind: 'answered', status, headers, body: read.body.toString() };
}

/** Only the code: messages of `fetch` hold addresses. */
function codeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  return [cause?.code, code].find((each): each is string => typeof each === 'string' && CODE.test(each)) ?? 'NO_ANSWER';
}

const CERTIFICATE_DELAY_MS = 1_000;

interface CertificateLoaderOptions {
  /** Whether any https request is to be expected. */
  isNeeded(): boolean;
  readonly clock: Pick<Clock, 'after'>;
  /** Loads the certificates; a test gives its own. */
  readonly load?: () => unknown;
}

/**
 * Makes Node read its trusted certificates once, a second after the start. Otherwise the first https request reads them
 * and holds the game's thread for up to 40 ms. Node caches them, and cannot read them in parts.
 */
export class CertificateLoader {
  readonly #options: CertificateLoaderOptions;
  #isLoaded = false;

  constructor(options: CertificateLoaderOptions) {
    this.#options = options;
  }

  start(): void {
    this.#options.clock.after(CERTIFICATE_DELAY_MS, () => this.#load());
  }

  /** The new configuration may bring the first https address. */
  applyConfig(): void {
    this.start();
  }

  #load(): void {
    const { isNeeded, load = createSecureContext } = this.#options;
    if (this.#isLoaded || !isNeeded()) return;
    this.#isLoaded = true;
    load();
  }
}

const MIN_WAIT_MS = 1_000;
const MAX_WAIT_MS = 600_000;
const SECONDS = /^\s*\d{1,9}(\.\d{1,9})?\s*$/;
/** The three forms of RFC 9110 §5.6.7; the last one, of C's asctime, names no zone and means GMT too. */
const NAMED_ZONE = /^\s*[a-z]{3,9},.*GMT\s*$/i;
const ASCTIME = /^\s*[a-z]{3} [a-z]{3} .*\d{4}\s*$/i;

/**
 * How long an answer asks to be left alone: `Retry-After` in seconds or as a date, or else a header that counts down in seconds.
 *
 * @param resetHeader names that header; null for none
 * @param now milliseconds since 1970; the answer's own `Date` is believed first, since the clocks may differ
 * @returns 1,000 to 600,000 milliseconds, or null when it asks for nothing
 */
export function retryAfterMs(headers: AnswerHeaders, resetHeader: string | null, now: number): number | null {
  const given = headers.get('retry-after');
  const until = dateOf(given);
  const wait =
    secondsOf(given) ??
    (until === null ? null : until - (dateOf(headers.get('date')) ?? now)) ??
    (resetHeader === null ? null : secondsOf(headers.get(resetHeader)));
  return wait === null ? null : Math.ceil(Math.min(Math.max(wait, MIN_WAIT_MS), MAX_WAIT_MS));
}

function secondsOf(text: string | null): number | null {
  return text !== null && SECONDS.test(text) ? Number(text) * 1_000 : null;
}

function dateOf(text: string | null): number | null {
  if (text === null) return null;
  const zone = ASCTIME.test(text) ? ' GMT' : '';
  const date = zone !== '' || NAMED_ZONE.test(text) ? Date.parse(`${text}${zone}`) : Number.NaN;
  return Number.isNaN(date) ? null : date;
}
