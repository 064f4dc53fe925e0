import { afterEach, describe, expect, it } from '@jest/globals';
import { CertificateLoader, retryAfterMs, sendOnce } from '../../src/lib/http-request.ts';
import { type HttpTarget, type Respond, startHttpTarget } from '../http-target.ts';
import { createManualClock } from '../manual-clock.ts';

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

describe('one request', () => {
  let target: HttpTarget | undefined;
  afterEach(() => target?.close());

  async function send(respond: Respond, more: { readonly method?: string; readonly body?: string } = {}) {
    target = await startHttpTarget(respond);
    const clock = createManualClock();
    return { clock, sent: sendOnce({ url: target.url, deadlineMs: 5_000, maxAnswerBytes: 10, ...more }, clock) };
  }

  it('gives the answer, and leaves no timer', async () => {
    const { clock, sent } = await send(
      (_request, response, { method, body }) => {
        response.writeHead(201, { 'x-told': method }).end(body);
      },
      { method: 'POST', body: 'hello' },
    );
    const exchange = await sent.exchange;
    expect(exchange).toMatchObject({ kind: 'answered', status: 201, body: 'hello' });
    expect(exchange.kind === 'answered' && exchange.headers.get('x-told')).toBe('POST');
    expect(clock.waiting).toBe(0);
  });

  it('takes a redirect for an answer', async () => {
    const { sent } = await send((_request, response) => void response.writeHead(302, { location: '/other' }).end());
    expect(await sent.exchange).toMatchObject({ kind: 'answered', status: 302 });
  });

  it('ends with an answer that is too long', async () => {
    const { sent } = await send((_request, response) => void response.end('01234567890'));
    expect(await sent.exchange).toMatchObject({ kind: 'tooLong', status: 200 });
  });

  it('ends at the deadline', async () => {
    const { clock, sent } = await send(() => {});
    clock.advance(5_000);
    expect(await sent.exchange).toEqual({ kind: 'timeout', afterMs: 5_000 });
  });

  it('tells by which code it failed, without an address', async () => {
    const clock = createManualClock();
    const limits = { deadlineMs: 5_000, maxAnswerBytes: 10 };
    const { exchange } = sendOnce({ url: 'http://127.0.0.1:2/', ...limits }, clock);
    expect(await exchange).toEqual({ kind: 'failed', code: 'ECONNREFUSED' });
    const nameless = sendOnce({ url: 'http://127.0.0.1/', ...limits }, clock, () =>
      Promise.reject(new Error('http://')),
    );
    expect(await nameless.exchange).toEqual({ kind: 'failed', code: 'NO_ANSWER' });
  });

  it('is heard of no more when it was called off', async () => {
    const { clock, sent } = await send(() => {});
    let isHeard = false;
    void sent.exchange.then(() => {
      isHeard = true;
    });
    sent.abort();
    clock.advance(5_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect([isHeard, clock.waiting]).toEqual([false, 0]);
  });
});

describe('CertificateLoader', () => {
  it('reads the certificates once, a second after an https address is configured', () => {
    const clock = createManualClock();
    let isNeeded = false;
    let reads = 0;
    const certificates = new CertificateLoader({ isNeeded: () => isNeeded, clock, load: () => (reads += 1) });
    certificates.start();
    expect(reads).toBe(0);
    clock.advance(5_000);
    expect(reads).toBe(0);
    isNeeded = true;
    certificates.applyConfig();
    certificates.applyConfig();
    clock.advance(5_000);
    expect([reads, clock.waiting]).toEqual([1, 0]);
  });
});
