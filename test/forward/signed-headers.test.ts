import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { isSigningSecret, parseHops, requestHeaders } from '../../src/forward/signed-headers.ts';
import { body, makeAttempt } from './targets/make-attempt.ts';

const now = Date.now();
const [oldSecret, newSecret] = [7, 9].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`) as [
  string,
  string,
];
const headersOf = (attempt = makeAttempt(), at = now) => requestHeaders(attempt, body, at, '5.0.0');

describe('the headers of an attempt', () => {
  it('are those of the contract', () => {
    expect(headersOf()).toEqual({
      'content-type': 'application/json',
      'content-length': String(body.length),
      'user-agent': 'sonorancad/5.0.0',
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(now / 1_000)),
      'x-sonorancad-event': 'EVENT_TONE',
      'x-sonorancad-attempt': '1',
      'x-sonorancad-hop': '1',
    });
  });

  it("have the operator's beside them", () => {
    expect(headersOf(makeAttempt({ headers: { authorization: 'Bearer x' } }))).toMatchObject({
      authorization: 'Bearer x',
    });
  });

  it("are never overridden by the operator's", () => {
    const headers = { 'content-type': 'text/plain', 'webhook-id': 'other' };
    expect(headersOf(makeAttempt({ headers }))).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': 'msg_1',
    });
  });

  it.each(['EVENT_<b>', 'TWO\r\nLINES', 'ÄRGER', 'A'.repeat(65), ''])('do not have the type %j', (type) => {
    expect(headersOf(makeAttempt({}, { event: { type } }))).not.toHaveProperty('x-sonorancad-event');
  });

  it('say a replay', () => {
    expect(headersOf(makeAttempt({}, { replay: true }))).toHaveProperty('x-sonorancad-replay', 'true');
  });

  it('count attempts and forwarders', () => {
    const headers = headersOf(makeAttempt({}, { attempt: 4, event: { hops: 2 } }));
    expect(headers).toMatchObject({ 'x-sonorancad-attempt': '4', 'x-sonorancad-hop': '3' });
  });
});

describe('the signature', () => {
  it('is not there without a secret', () => {
    expect(headersOf()).not.toHaveProperty('webhook-signature');
  });

  it.each([oldSecret, newSecret])('of several secrets is verified by each', (secret) => {
    const headers = headersOf(makeAttempt({ secrets: [oldSecret, newSecret] }));
    expect(new Webhook(secret).verify(body.toString(), headers)).toEqual(JSON.parse(body.toString()));
  });

  it('of another secret is refused', () => {
    const headers = headersOf(makeAttempt({ secrets: [oldSecret] }));
    expect(() => new Webhook(newSecret).verify(body.toString(), headers)).toThrow('No matching signature found');
  });

  it('is made for the time of the attempt', () => {
    const attempt = makeAttempt({ secrets: [oldSecret] });
    expect(headersOf(attempt, now + 1_000)['webhook-signature']).not.toBe(headersOf(attempt)['webhook-signature']);
  });

  it('covers bytes that are no UTF-8', () => {
    const raw = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
    const headers = requestHeaders(makeAttempt({ secrets: [oldSecret] }), raw, now, '5.0.0');
    const mangled = requestHeaders(makeAttempt({ secrets: [oldSecret] }), Buffer.from(raw.toString()), now, '5.0.0');
    expect(headers['webhook-signature']).not.toBe(mangled['webhook-signature']);
  });
});

it.each([
  [undefined, 0],
  ['', 0],
  ['0', 0],
  ['3', 3],
  ['999999999', 100],
  ['9999999999', 0],
  ['-1', 0],
  ['3, 4', 0],
  ['0x5', 0],
])('the header %j says %d forwarders', (value, hops) => {
  expect(parseHops(value)).toBe(hops);
});

const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 251).toString('base64')}`;

describe('a signing secret', () => {
  it.each([24, 25, 26, 64])('may be of %i bytes', (bytes) => {
    expect(isSigningSecret(secretOf(bytes))).toBe(true);
    expect(isSigningSecret(secretOf(bytes).replace(/=+$/, ''))).toBe(true);
  });

  it.each([
    ['is too short', secretOf(23)],
    ['is too long', secretOf(65)],
    ['has no prefix', secretOf(32).slice('whsec_'.length)],
    ['has the prefix in capitals', secretOf(32).replace('whsec_', 'WHSEC_')],
    ['is base64 for addresses', secretOf(32).replaceAll('+', '-')],
    ['has something behind it', `${secretOf(32)}\n`],
    ['is no text', 7],
    ['is not there', undefined],
  ])('is none when it %s', (_what, value) => {
    expect(isSigningSecret(value)).toBe(false);
  });
});
