import { describe, expect, it } from '@jest/globals';
import { retryAfterMs } from '../../src/lib/http-request.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const asked = (headers: Record<string, string>) => retryAfterMs(new Headers(headers), 'ratelimit-reset', now);

describe('how long an answer asks to be left alone', () => {
  it.each([
    ['seconds', { 'retry-after': '20' }, 20_000],
    ['fractions of a second', { 'retry-after': ' 2.5 ' }, 2_500],
    ['a date', { 'retry-after': 'Sun, 01 Mar 2026 12:00:30 GMT' }, 30_000],
    [
      'a date, by the clock of whoever answers',
      { 'retry-after': 'Sun, 01 Mar 2026 12:00:30 GMT', date: 'Sun, 01 Mar 2026 12:00:20 GMT' },
      10_000,
    ],
    ["the gateway's own header", { 'ratelimit-reset': '17' }, 17_000],
    ['Retry-After before that', { 'retry-after': '3', 'ratelimit-reset': '17' }, 3_000],
    ['no less than a second', { 'retry-after': '0' }, 1_000],
    ['no date that has passed', { 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, 1_000],
    ['no more than ten minutes', { 'retry-after': '86400' }, 600_000],
    ['nothing', {}, null],
    ['nothing readable', { 'retry-after': 'soon', 'ratelimit-reset': '-1' }, null],
  ] as [string, Record<string, string>, number | null][])('is read from %s', (_what, headers, wait) => {
    expect(asked(headers)).toBe(wait);
  });
});
