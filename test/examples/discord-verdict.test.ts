import { describe, expect, it } from '@jest/globals';
import { verdictOn } from '../../examples/discord-relay/verdict.mjs';

const verdict = (status: number, headers: Record<string, string> = {}, body: unknown = '') =>
  verdictOn(status, new Headers(headers), typeof body === 'string' ? body : JSON.stringify(body));

describe("an answer of Discord's", () => {
  it.each([
    ['fractions of a second', { 'retry-after': '1' }, { retry_after: 0.2505, global: false }, 251],
    ['a header alone', { 'retry-after': '7' }, '<html>', 7_000],
    ['nothing that can be read', { 'retry-after': 'soon' }, { retry_after: 'later' }, 5_000],
    ['nothing at all', {}, '', 5_000],
    ['less than nothing', {}, { retry_after: -3 }, 5_000],
    ['a day', {}, { retry_after: 86_400 }, 3_600_000],
  ])('with status 429 is obeyed when it asks for %s', (_what, headers, body, quietMs) => {
    expect(verdict(429, headers, body)).toEqual({ kind: 'later', quietMs, reason: 'rate limit' });
  });

  it.each([
    [{ 'x-ratelimit-global': 'true' }, ''],
    [{}, { retry_after: 5, global: true }],
  ])('says that a limit is global, by %j and %j', (headers, body) => {
    expect(verdict(429, headers, body).reason).toBe('global rate limit');
  });

  it('with a success asks for quiet only when nothing remains', () => {
    const reset = { 'x-ratelimit-reset-after': '0.5' };
    expect(verdict(200, { ...reset, 'x-ratelimit-remaining': '1' }).quietMs).toBe(0);
    expect(verdict(204, { ...reset, 'x-ratelimit-remaining': '0' }).quietMs).toBe(500);
    expect(verdict(200)).toEqual({ kind: 'posted', quietMs: 0, reason: '' });
  });

  it.each([
    [401, 'gone'],
    [404, 'gone'],
    [400, 'refused'],
    [403, 'refused'],
    [302, 'refused'],
    [500, 'failed'],
    [503, 'failed'],
  ])('with status %i means %s', (status, kind) => {
    expect(verdict(status)).toEqual({ kind, quietMs: 0, reason: `HTTP ${status}` });
  });

  it('with a status of trouble is obeyed when it says how long that lasts', () => {
    expect(verdict(503, { 'retry-after': '30' })).toMatchObject({ kind: 'failed', quietMs: 30_000 });
  });
});
