import { describe, expect, it } from '@jest/globals';
import type { AttemptResult, Outcome, Target } from '../../../src/forward/delivery.ts';
import { outcomeOf, resourceWording } from '../../../src/forward/queues/outcomes.ts';

const answer = (status: number, body = '', retryAfterMs: number | null = null): AttemptResult => ({
  kind: 'answered',
  status,
  body,
  retryAfterMs,
  ms: 1,
});

const outcome = (result: AttemptResult, format: Target['format'] = 'payload'): Outcome =>
  outcomeOf(result, { name: 'bot', format }, resourceWording('sonorancad'));

describe('what an attempt means', () => {
  it.each([200, 201, 202, 204, 299])('%i is a delivery', (status) => {
    expect(outcome(answer(status))).toEqual({ kind: 'delivered' });
  });

  it('400 Invalid Type is a listener that does not want the type', () => {
    expect(outcome(answer(400, ' Invalid Type\n'))).toEqual({ kind: 'unwanted' });
  });

  it.each([400, 413, 415, 422])('%i ends the event', (status) => {
    expect(outcome(answer(status, 'anything'))).toEqual({
      kind: 'final',
      reason: `answered ${status}`,
    });
  });

  it.each([300, 301, 302, 304, 307, 308, 401, 403, 404, 405, 407])('%i waits until the operator mends it', (status) => {
    expect(outcome(answer(status))).toMatchObject({
      kind: 'refused',
      advice: expect.any(String),
    });
  });

  it('the wrong key and a bad certificate wait for the operator too', () => {
    expect(outcome(answer(400, 'Authentication Key Failed!'))).toMatchObject({
      kind: 'refused',
      advice: expect.stringContaining('API key'),
    });
    const certificate: AttemptResult = { kind: 'failed', code: 'CERT_HAS_EXPIRED', certificate: true, ms: 1 };
    expect(outcome(certificate)).toMatchObject({
      kind: 'refused',
      advice: expect.stringContaining('certificate'),
    });
  });

  it('410 is the end of a target', () => {
    expect(outcome(answer(410))).toMatchObject({
      kind: 'refused',
      reason: 'answered 410',
      advice: expect.stringContaining('forward retry bot'),
      retryAfterMs: Number.POSITIVE_INFINITY,
    });
  });

  it.each([500, 502, 503, 504, 599, 409, 451, 100, 600])('%i may be the event or the target', (status) => {
    expect(outcome(answer(status, '', 7_000))).toMatchObject({
      kind: 'failure',
      counts: true,
      serverError: true,
      retryAfterMs: 7_000,
    });
  });

  it.each([408, 425])('%i is a failure that no event is to blame for', (status) => {
    expect(outcome(answer(status))).toMatchObject({
      kind: 'failure',
      counts: true,
      serverError: false,
    });
  });

  it('429 is a failure that does not park, and of a Discord webhook not even an attempt', () => {
    expect(outcome(answer(429, '', 5_000))).toMatchObject({
      kind: 'failure',
      counts: false,
      isAttempt: true,
      retryAfterMs: 5_000,
    });
    expect(outcome(answer(429), 'discord')).toMatchObject({
      kind: 'failure',
      counts: false,
      isAttempt: false,
    });
  });

  it('no answer and no connection are failures', () => {
    expect(outcome({ kind: 'timeout', requestSent: true, ms: 1 })).toMatchObject({
      kind: 'failure',
      counts: true,
    });
    const refused: AttemptResult = { kind: 'failed', code: 'ECONNREFUSED', certificate: false, ms: 1 };
    expect(outcome(refused)).toMatchObject({
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
    expect(outcome(failed)).toMatchObject({ advice });
  });

  it('no answer in time and an error of the server come with what may help, too', () => {
    const late: AttemptResult = { kind: 'timeout', requestSent: false, ms: 1 };
    expect(outcome(late)).toMatchObject({ advice: expect.stringContaining('firewalls') });
    expect(outcome(answer(503))).toMatchObject({ advice: "see that server's own log" });
    expect(outcome(answer(409))).toMatchObject({ advice: null });
  });

  it.each([401, 403])('%i says in words of what forwards what to look at', (status) => {
    const own = { ...resourceWording('sonorancad'), checkCredentials: 'ask your aunt' };
    expect(outcomeOf(answer(status), { name: 'bot', format: 'payload' }, own)).toMatchObject({
      advice: expect.stringMatching(/: ask your aunt$/),
    });
  });
});
