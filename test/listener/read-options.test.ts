import { describe, expect, it } from '@jest/globals';
import { readOptions } from '../../src/listener/options.ts';
import type { PushEventListenerOptions } from '../../src/listener/push-event-listener.ts';

const KEY = 'a-key-of-sixteen-letters';
const OTHER_KEY = 'another-key-of-sixteen-letters';
const SECRET = `whsec_${Buffer.from('a secret of at least 24 bytes').toString('base64')}`;

describe('the options of a listener', () => {
  it('need a key alone', () => {
    const { keys, ...rest } = readOptions({ apiKey: ` ${KEY} ` });
    expect(keys.accepts(KEY)).toBe(true);
    expect(rest).toEqual({ path: '/sonorancad/event', maxBodyBytes: 1024 * 1024, secrets: [] });
  });

  it('take several keys and secrets', () => {
    const { keys, secrets } = readOptions({ apiKey: KEY, apiKeys: [OTHER_KEY], secret: [SECRET, SECRET] });
    expect([keys.size, keys.accepts(OTHER_KEY), secrets]).toEqual([2, true, [SECRET, SECRET]]);
    expect(readOptions({ apiKeys: [KEY], secret: SECRET }).secrets).toEqual([SECRET]);
  });

  it.each([
    [undefined, 'apiKey is missing'],
    [{}, 'apiKey is missing'],
    [{ apiKey: '' }, 'apiKey is missing'],
    [{ apikey: KEY }, 'apikey: there is no such option; did you mean apiKey?'],
    [{ apiKey: KEY, sercet: SECRET }, 'sercet: there is no such option; did you mean secret?'],
    [
      { apiKey: KEY, qqqqqq: 1 },
      'qqqqqq: there is no such option; there are apiKey, apiKeys, path, maxBodyBytes, secret',
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
  ])('are refused as %j', (options, message) => {
    expect(() => readOptions(options as PushEventListenerOptions)).toThrow(message);
  });

  it('are refused without repeating a key or a secret', () => {
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
