import { describe, expect, it } from '@jest/globals';
import { askedPauseMs } from '../../../src/forward/targets/http-sending.ts';

const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const inHalfAMinute = 'Fri, 02 Jan 2026 03:04:35 GMT';

describe('an answer asks to be left alone', () => {
  it.each([
    ['whole seconds', { 'retry-after': '30' }, 30_000],
    ['parts of a second', { 'retry-after': '1.25' }, 1_250],
    ['a date', { 'retry-after': inHalfAMinute }, 30_000],
    ['a date as RFC 850 wrote it', { 'retry-after': 'Friday, 02-Jan-26 03:04:35 GMT' }, 30_000],
    ['a date as C writes it', { 'retry-after': 'Fri Jan  2 03:04:35 2026' }, 30_000],
    [
      "a date by the target's own clock",
      { 'retry-after': inHalfAMinute, date: 'Fri, 02 Jan 2026 03:04:25 GMT' },
      10_000,
    ],
    ['no time at all, which is a second', { 'retry-after': '0' }, 1_000],
    ['a date long past, which is a second', { 'retry-after': 'Fri, 02 Jan 1970 03:04:35 GMT' }, 1_000],
    ['days, which is ten minutes', { 'retry-after': '999999' }, 600_000],
    ['a reset', { 'x-ratelimit-reset-after': '2.5' }, 2_500],
    ['both, of which Retry-After counts', { 'retry-after': '5', 'x-ratelimit-reset-after': '2.5' }, 5_000],
    ['nonsense and a reset', { 'retry-after': 'soon', 'x-ratelimit-reset-after': '2.5' }, 2_500],
  ])('for %s', (_what, headers, wait) => {
    expect(askedPauseMs(429, headers, now)).toBe(wait);
  });
});

describe('an answer asks for nothing', () => {
  it.each([
    [429, {}],
    [503, { 'retry-after': '' }],
    [503, { 'retry-after': '-5' }],
    [503, { 'retry-after': '1e3' }],
    [503, { 'retry-after': 'tomorrow' }],
    [429, { 'x-ratelimit-reset-after': 'Infinity' }],
    [204, { 'x-ratelimit-remaining': '4', 'x-ratelimit-reset-after': '2.5' }],
    [204, { 'x-ratelimit-reset-after': '2.5' }],
  ])('with %d %j', (status, headers) => {
    expect(askedPauseMs(status, headers, now)).toBeNull();
  });
});

it('a success asks for a rest when nothing remains', () => {
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '2.5' };
  expect(askedPauseMs(204, headers, now)).toBe(2_500);
});
