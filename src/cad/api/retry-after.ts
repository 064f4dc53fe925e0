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
