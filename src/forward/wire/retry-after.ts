import type { IncomingHttpHeaders } from 'node:http';

const MIN_MS = 1_000;
const MAX_MS = 600_000;
const SECONDS = /^\s*\d{1,9}(\.\d{1,9})?\s*$/;
/** The three forms of RFC 9110 §5.6.7; the last one, of C's asctime, names no zone and means GMT too. */
const NAMED_ZONE = /^\s*[a-z]{3,9},.*GMT\s*$/i;
const ASCTIME = /^\s*[a-z]{3} [a-z]{3} .*\d{4}\s*$/i;

function dateOf(text: string | undefined): number {
  if (text === undefined) return Number.NaN;
  if (NAMED_ZONE.test(text)) return Date.parse(text);
  return ASCTIME.test(text) ? Date.parse(`${text} GMT`) : Number.NaN;
}

function waitOf(text: string | undefined, now: number): number | null {
  if (text === undefined) return null;
  if (SECONDS.test(text)) return Number(text) * 1_000;
  const until = dateOf(text);
  return Number.isNaN(until) ? null : until - now;
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/**
 * How long an answer asks to be left alone. Discord counts down in each answer (`X-RateLimit-Reset-After`): with a
 * success that counts only when nothing remains.
 *
 * @param now milliseconds since 1970; for dates the answer's own `Date` is believed first, since the clocks may differ
 * @returns 1,000 to 600,000 milliseconds, or null when it asks for nothing
 */
export function retryAfterMs(status: number, headers: IncomingHttpHeaders, now: number): number | null {
  const sent = dateOf(headers.date);
  const reset = first(headers['x-ratelimit-reset-after']);
  const isSuccess = status >= 200 && status <= 299;
  const asksForReset = !isSuccess || Number.parseFloat(first(headers['x-ratelimit-remaining']) ?? '1') === 0;
  const wait =
    waitOf(headers['retry-after'], Number.isNaN(sent) ? now : sent) ??
    (asksForReset && reset !== undefined && SECONDS.test(reset) ? Number(reset) * 1_000 : null);
  return wait === null ? null : Math.ceil(Math.min(Math.max(wait, MIN_MS), MAX_MS));
}
