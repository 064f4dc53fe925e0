import { describe, expect, it } from '@jest/globals';
import { collectApiKeys, isProtectionMark, keyFault } from '../../src/events/api-keys.ts';
import { goodKey } from './fake-source.ts';

describe('an API key', () => {
  it.each([goodKey, 'k3y-of-16-chars!', 'z9'.repeat(128), 'with inner space 42'])('like %j is sound', (key) => {
    expect(keyFault(key)).toBeNull();
  });

  it.each([
    ['k3y-of-15-chars', 'is too short: 15 characters, expected 16 to 256'],
    [`${'z9'.repeat(128)}a`, 'is too long: 257 characters, expected 16 to 256'],
    ['k3y-with-an-ümlaut', 'has a character that is not printable ASCII at position 13'],
    ['k3y-with-a\nbreak-in', 'has a character that is not printable ASCII at position 11'],
  ])('like %j is faulty', (key, reason) => {
    expect(keyFault(key)).toBe(reason);
  });

  it.each([
    'protection_initialized',
    'CHANGEME',
    'ChangeMe_ChangeMe_ChangeMe',
    'your_api_key',
    'YOUR-SONORAN-CAD-API-KEY-HERE',
    'API KEY HERE',
    '<insert your api key here>',
    'put-your-key-here',
    '00000000-0000-0000-0000-000000000000',
    'xxxxxxxxxxxxxxxxxxxxxxxx',
  ])('like %j is a placeholder', (key) => {
    expect(keyFault(key)).toBe('is a placeholder, not a key');
  });

  it('is no placeholder for merely containing one', () => {
    expect(keyFault('CHANGEME-not-1234567')).toBeNull();
  });
});

describe('collecting keys', () => {
  it('skips blank ones in silence', () => {
    expect(collectApiKeys(' ', ['', goodKey])).toEqual({ apiKey: '', apiKeys: [goodKey], faults: [] });
  });

  it('keeps the spelling that came first', () => {
    expect(collectApiKeys(goodKey, [goodKey.toLowerCase()]).apiKeys).toEqual([goodKey]);
  });
});

it('the protection mark is known in any case', () => {
  expect([' Protection_Initialized', 'protection'].map(isProtectionMark)).toEqual([true, false]);
});
