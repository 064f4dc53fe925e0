import { describe, expect, it } from '@jest/globals';
import type { AttemptResult } from '../../../src/forward/delivery.ts';
import { DEFAULT_WORDING } from '../../../src/forward/queues/attempt-log.ts';
import { outcomeOf } from '../../../src/forward/queues/outcomes.ts';

const answer = (status: number, body = '', retryAfterMs: number | null = null): AttemptResult => ({
  kind: 'answered',
  status,
  body,
  retryAfterMs,
  ms: 1,
});

describe('what an attempt means', () => {
  it.each([200, 201, 202, 204, 299])('%i is a delivery', (status) => {
    expect(outcomeOf(answer(status), 'payload', DEFAULT_WORDING)).toEqual({ kind: 'delivered' });
  });

  it('400 Invalid Type is a listener that does not want the type', () => {
    expect(outcomeOf(answer(400, ' Invalid Type\n'), 'payload', DEFAULT_WORDING)).toEqual({ kind: 'unwanted' });
  });

  it.each([400, 413, 415, 422])('%i ends the event', (status) => {
    expect(outcomeOf(answer(status, 'anything'), 'payload', DEFAULT_WORDING)).toEqual({
      kind: 'final',
      reason: `answered ${status}`,
    });
  });

  it.each([300, 301, 302, 304, 307, 308, 401, 403, 404, 405, 407])('%i waits for somebody to mend it', (status) => {
    expect(outcomeOf(answer(status), 'payload', DEFAULT_WORDING)).toMatchObject({
      kind: 'refused',
      advice: expect.any(String),
    });
  });

  it('the wrong key and a bad certificate wait for somebody too', () => {
    expect(outcomeOf(answer(400, 'Authentication Key Failed!'), 'payload', DEFAULT_WORDING)).toMatchObject({
      kind: 'refused',
      advice: expect.stringContaining('API key'),
    });
    const certificate: AttemptResult = { kind: 'failed', code: 'CERT_HAS_EXPIRED', certificate: true, ms: 1 };
    expect(outcomeOf(certificate, 'payload', DEFAULT_WORDING)).toMatchObject({
      kind: 'refused',
      advice: expect.stringContaining('certificate'),
    });
  });

  it('410 is the end of a target', () => {
    expect(outcomeOf(answer(410), 'payload', DEFAULT_WORDING)).toEqual({ kind: 'gone', reason: 'answered 410' });
  });

  it.each([500, 502, 503, 504, 599, 409, 451, 100, 600])('%i may be the event or the target', (status) => {
    expect(outcomeOf(answer(status, '', 7_000), 'payload', DEFAULT_WORDING)).toMatchObject({
      kind: 'failure',
      counts: true,
      serverError: true,
      retryAfterMs: 7_000,
    });
  });

  it.each([408, 425])('%i is a failure that no event is to blame for', (status) => {
    expect(outcomeOf(answer(status), 'payload', DEFAULT_WORDING)).toMatchObject({
      kind: 'failure',
      counts: true,
      serverError: false,
    });
  });

  it('429 is a failure that does not park, and of a Discord webhook not even an attempt', () => {
    expect(outcomeOf(answer(429, '', 5_000), 'payload', DEFAULT_WORDING)).toMatchObject({
      kind: 'failure',
      counts: false,
      isAttempt: true,
      retryAfterMs: 5_000,
    });
    expect(outcomeOf(answer(429), 'discord', DEFAULT_WORDING)).toMatchObject({
      kind: 'failure',
      counts: false,
      isAttempt: false,
    });
  });

  it('no answer and no connection are failures', () => {
    expect(outcomeOf({ kind: 'timeout', requestSent: true, ms: 1 }, 'payload', DEFAULT_WORDING)).toMatchObject({
      kind: 'failure',
      counts: true,
    });
    const refused: AttemptResult = { kind: 'failed', code: 'ECONNREFUSED', certificate: false, ms: 1 };
    expect(outcomeOf(refused, 'payload', DEFAULT_WORDING)).toMatchObject({
      kind: 'failure',
      reason: 'ECONNREFUSED',
      serverError: false,
    });
  });

  it.each([
    ['ECONNREFUSED', 'nothing listens at that address and port: start the web server, or correct the URL'],
    ['ENOTFOUND', 'there is no host of that name: correct the URL'],
    ['ETIMEDOUT', 'see whether that server runs, and the firewalls in between'],
    ['SOMETHING_ELSE', null],
  ])('%s comes with what may help', (code, advice) => {
    const failed: AttemptResult = { kind: 'failed', code, certificate: false, ms: 1 };
    expect(outcomeOf(failed, 'payload', DEFAULT_WORDING)).toMatchObject({ advice });
  });

  it('no answer in time and an error of the server come with what may help, too', () => {
    const late: AttemptResult = { kind: 'timeout', requestSent: false, ms: 1 };
    expect(outcomeOf(late, 'payload', DEFAULT_WORDING)).toMatchObject({ advice: expect.stringContaining('firewalls') });
    expect(outcomeOf(answer(503), 'payload', DEFAULT_WORDING)).toMatchObject({ advice: "see that server's own log" });
    expect(outcomeOf(answer(409), 'payload', DEFAULT_WORDING)).toMatchObject({ advice: null });
  });

  it.each([401, 403])('%i says what whoever forwards can look at', (status) => {
    const own = { checkCredentials: 'ask your aunt' };
    expect(outcomeOf(answer(status), 'payload', own)).toMatchObject({
      advice: expect.stringMatching(/: ask your aunt$/),
    });
  });
});
