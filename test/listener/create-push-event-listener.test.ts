import { describe, expect, it } from '@jest/globals';
import { catalogue } from '../../src/events/catalogue/catalogue.ts';
import { signatureOf } from '../../src/forward/signed-headers.ts';
import { PUSH_EVENT_TYPES, UNIT_STATUS, verifySignature } from '../../src/listener/create-push-event-listener.ts';
import { readConsumerOptions, readOptions } from '../../src/listener/options.ts';
import type { PushEventListenerOptions } from '../../src/listener/push-event-listener.ts';

const KEY = 'a-key-of-sixteen-letters';
const OTHER_KEY = 'another-key-of-sixteen-letters';
const SECRET = `whsec_${Buffer.from('a secret of at least 24 bytes').toString('base64')}`;

describe('readOptions', () => {
  it('requires only an API key, and fills in defaults', () => {
    const { keys, ...rest } = readOptions({ apiKey: ` ${KEY} ` });
    expect(keys.accepts(KEY)).toBe(true);
    expect(rest).toEqual({ path: '/sonorancad/event', maxBodyBytes: 1024 * 1024, secrets: [] });
  });

  it('accepts several keys and several secrets', () => {
    const { keys, secrets } = readOptions({ apiKey: KEY, apiKeys: [OTHER_KEY], secret: [SECRET, SECRET] });
    expect([keys.size, keys.accepts(OTHER_KEY), secrets]).toEqual([2, true, [SECRET, SECRET]]);
    expect(readOptions({ apiKeys: [KEY], secret: SECRET }).secrets).toEqual([SECRET]);
  });

  it.each([
    [undefined, 'apiKey is missing'],
    [{}, 'apiKey is missing'],
    [{ apiKey: '' }, 'apiKey is missing'],
    [KEY, 'options: expected an object with apiKey, apiKeys, path, maxBodyBytes, secret.'],
    [{ apikey: KEY }, 'apikey: there is no such option; did you mean apiKey?'],
    [{ apiKey: KEY, sercet: SECRET }, 'sercet: there is no such option; did you mean secret?'],
    [
      { apiKey: KEY, qqqqqq: 1 },
      'qqqqqq: there is no such option; the options are apiKey, apiKeys, path, maxBodyBytes, secret',
    ],
    [{ apiKeys: [] }, 'apiKey is missing'],
    [{ apiKey: 'short' }, 'apiKey is too short'],
    [{ apiKey: 'YOUR_API_KEY' }, 'apiKey is a placeholder'],
    [{ apiKeys: [KEY, 7] }, 'apiKeys[1] is no text'],
    [{ apiKey: KEY, path: 'event' }, 'path: expected'],
    [{ apiKey: KEY, path: '/event?x' }, 'path: expected'],
    [{ apiKey: KEY, path: 7 }, 'path: expected'],
    [{ apiKey: KEY, maxBodyBytes: 0 }, 'maxBodyBytes: expected'],
    [{ apiKey: KEY, maxBodyBytes: 1.5 }, 'maxBodyBytes: expected'],
    [{ apiKey: KEY, maxBodyBytes: '1mb' }, 'maxBodyBytes: expected'],
    [{ apiKey: KEY, secret: '' }, 'secret: expected'],
    [{ apiKey: KEY, secret: 'whsec_c2hvcnQ=' }, 'secret: expected'],
    [{ apiKey: KEY, secret: [] }, 'secret: expected'],
    [{ apiKey: KEY, secret: null }, 'secret: expected'],
    [{ apiKey: KEY, secret: [SECRET, ''] }, 'secret: expected'],
  ])('throws an error that names the option, for %j', (options, message) => {
    expect(() => readOptions(options as PushEventListenerOptions)).toThrow(message);
  });

  it('quotes neither a key nor a secret in its errors', () => {
    for (const options of [{ apiKey: 'secret-key' }, { apiKey: KEY, secret: 'whsec_secret-key' }]) {
      let message = '';
      try {
        readOptions(options);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toMatch(/expected/);
      expect(message).not.toContain('secret-key');
    }
  });
});

describe('readConsumerOptions', () => {
  it.each([
    [{ secrets: SECRET }, 'secrets: there is no such option; did you mean secret?'],
    [{ warn: 'console' }, 'warn: expected a function.'],
    [{ filter: 911 }, 'filter: expected a subject like "sonoran.push.{serverId}.{type}".'],
    [{ stream: 'a b' }, 'stream: expected the name of a JetStream stream, 1 to 64 letters, digits, "-" or "_".'],
    [{ tls: true }, 'tls: expected an object with "ca", or "cert" and "key", each a PEM text, or {}.'],
  ])('throws an error that names the option, for %j', (options, message) => {
    const usual = { servers: 'nats://127.0.0.1:4222', stream: 'sonoran', durable: 'bot' };
    expect(() => readConsumerOptions({ ...usual, ...(options as object) })).toThrow(new TypeError(message));
  });
});

const OTHER = `whsec_${Buffer.from('another secret of 24 bytes or more').toString('base64')}`;
const BODY = '{"type":"EVENT_911"}';

function signed(ageS = 0): Record<string, string> {
  const timestamp = Math.floor(Date.now() / 1_000) - ageS;
  return {
    'Webhook-Id': 'event-1',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatureOf([SECRET], 'event-1', timestamp, Buffer.from(BODY)),
  };
}

describe('verifySignature', () => {
  it('accepts a signature of any of the secrets, with headers and body in each supported form', () => {
    expect(verifySignature(signed(), BODY, SECRET)).toBe(true);
    expect(verifySignature(new Headers(signed()), Buffer.from(BODY), [OTHER, SECRET])).toBe(true);
  });

  it('refuses a changed body, another secret, an old request and a request without a signature', () => {
    expect(verifySignature(signed(), `${BODY} `, SECRET)).toBe(false);
    expect(verifySignature(signed(), BODY, OTHER)).toBe(false);
    expect(verifySignature(signed(301), BODY, SECRET)).toBe(false);
    expect(verifySignature({}, BODY, SECRET)).toBe(false);
  });

  it.each([
    ['an empty list', []],
    ['a text without the form of a secret', 'secret'],
    ['a list with one malformed secret', [SECRET, '']],
    ['undefined', undefined],
  ])('throws a TypeError if the secret is %s', (_name, secret) => {
    expect(() => verifySignature(signed(), BODY, secret as string)).toThrow(
      'verifySignature: the secret must be "whsec_"',
    );
  });
});

describe('constants of the library', () => {
  it('PUSH_EVENT_TYPES lists the types of the catalogue', () => {
    expect(PUSH_EVENT_TYPES).toEqual(Object.keys(catalogue));
  });

  it("UNIT_STATUS has the CAD's numbers of the unit statuses", () => {
    expect(UNIT_STATUS).toEqual({ UNAVAILABLE: 0, BUSY: 1, AVAILABLE: 2, ENROUTE: 3, ON_SCENE: 4 });
  });
});
