const MAX_SHOWN = 200;
const TRACE_ID = /^[\w:.-]{1,100}$/;
const ADDRESS = /\bhttps?:\/\/[^\s"'<>]*/gi;
const BEARER = /\bbearer\s+\S+/gi;

/** An answer's body, as far as it is needed to say what went wrong. */
export type ParsedAnswer = { readonly isJson: boolean; readonly value: unknown };

/** An answer without a body is one of nothing. */
export function parseAnswer(body: string): ParsedAnswer {
  if (body.trim() === '') return { isJson: true, value: null };
  try {
    return { isJson: true, value: JSON.parse(body) };
  } catch {
    // The parser's message quotes what it read.
    return { isJson: false, value: null };
  }
}

/**
 * What the CAD itself says about an error: at most 200 characters, without the keys, web addresses or whatever follows "Bearer".
 *
 * @returns null when it says nothing
 */
export function saidByAnswer(value: unknown, apiKeys: readonly string[]): string | null {
  const said = ['detail', 'message', 'title', 'error']
    .map((name) => fieldOf(value, name))
    .find((text) => text !== null);
  if (said === undefined || said === null) return null;
  const shown = withoutKeys(said.replace(ADDRESS, '<address>').replace(BEARER, '<key>'), apiKeys).trim();
  if (shown === '') return null;
  const characters = [...shown];
  return characters.length > MAX_SHOWN ? `${characters.slice(0, MAX_SHOWN - 1).join('')}…` : shown;
}

/** By which the CAD's support finds a request; null when the answer names none. */
export function traceIdOf(headers: AnswerHeaders, value: unknown, apiKeys: readonly string[]): string | null {
  const named = [
    headers.get('x-trace-id'),
    headers.get('x-kong-request-id'),
    fieldOf(value, 'traceId'),
    fieldOf(value, 'request_id'),
  ];
  return named.find((id) => id !== null && TRACE_ID.test(id) && withoutKeys(id, apiKeys) === id) ?? null;
}

/** A text field of an answer, in any casing. */
function fieldOf(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const found = Object.entries(value).find(([field]) => field.toLowerCase() === name.toLowerCase())?.[1];
  return typeof found === 'string' && found !== '' ? found : null;
}

function withoutKeys(text: string, apiKeys: readonly string[]): string {
  let shown = text;
  for (const key of apiKeys) {
    for (const form of [key, encodeURIComponent(key)]) {
      shown = shown.replace(new RegExp(form.replace(/\W/g, '\\$&'), 'gi'), '<key>');
    }
  }
  return shown;
}

const MIN_MS = 1_000;
const MAX_MS = 600_000;
const SECONDS = /^\s*\d{1,9}(\.\d{1,9})?\s*$/;
const DATE = /^\s*[a-z]{3,9},.*GMT\s*$/i;

/** What of an answer's headers is needed; names in lower case. */
export interface AnswerHeaders {
  get(name: string): string | null;
}

/**
 * How long an answer asks to be left alone: `Retry-After` in seconds or as a date, or the gateway's `RateLimit-Reset`.
 *
 * @param now milliseconds since 1970; the answer's own `Date` is believed first, since the clocks may differ
 * @returns 1,000 to 600,000 milliseconds, or null when it asks for nothing
 */
export function retryAfterMs(headers: AnswerHeaders, now: number): number | null {
  const wait = waitOf(headers.get('retry-after'), headers, now) ?? secondsOf(headers.get('ratelimit-reset'));
  return wait === null ? null : Math.ceil(Math.min(Math.max(wait, MIN_MS), MAX_MS));
}

function waitOf(text: string | null, headers: AnswerHeaders, now: number): number | null {
  const seconds = secondsOf(text);
  if (seconds !== null) return seconds;
  const until = dateOf(text);
  return until === null ? null : until - (dateOf(headers.get('date')) ?? now);
}

function secondsOf(text: string | null): number | null {
  return text !== null && SECONDS.test(text) ? Number(text) * 1_000 : null;
}

function dateOf(text: string | null): number | null {
  const date = text !== null && DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : date;
}
