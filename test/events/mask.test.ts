import { describe, expect, it } from '@jest/globals';
import { createKeyRing, formsOf } from '../../src/events/api-keys.ts';
import { writingsOf } from '../hardening/forms-of-key.ts';

const KEYS = ['Top/S3cret+Key"for\\<testing>%41&', 'a plain key of 2 words', 'abcdef0123456789'];
const ring = createKeyRing(KEYS);

describe('the mask', () => {
  it.each(KEYS.flatMap(writingsOf))('takes out %j', (writing) => {
    expect(ring.mask(`before ${writing} after`)).toBe('before (API key removed) after');
  });

  it('knows all that an event is searched for', () => {
    for (const form of KEYS.flatMap(formsOf)) expect(ring.mask(form)).toBe('(API key removed)');
  });

  it('takes base64 out of what holds the key', () => {
    for (const key of KEYS)
      for (const before of ['', 'a', 'ab', 'abc'])
        for (const encoding of ['base64', 'base64url'] as const) {
          const bytes = Buffer.from(`${before}${key} and more`);
          const [shown] = ring.mask(bytes.toString(encoding)).match(/\(API key removed\)/) ?? [];
          expect(shown).toBe('(API key removed)');
        }
  });

  it('leaves other texts alone, and takes its replacement as it is', () => {
    expect(ring.mask('An event was received. a plain key of 3 words')).toBe(
      'An event was received. a plain key of 3 words',
    );
    expect(ring.mask(KEYS[2] ?? '', '$&')).toBe('$&');
    expect(createKeyRing([]).mask('anything')).toBe('anything');
  });

  it.each(['\\', '\\u005c', '%', '%25', '/\\', 'Top/S3cret+Key"for\\<testing>%41', 'a plain key of 2 word', ' '])(
    'takes time in proportion to the text, made of %j',
    (piece) => {
      const nasty = createKeyRing([...KEYS, '\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\!', '%25%25%25%25%25%25!']);
      const text = piece.repeat(Math.ceil(300_000 / piece.length));
      const began = process.cpuUsage();
      nasty.mask(text);
      expect(process.cpuUsage(began).user / 1_000).toBeLessThan(3_000);
    },
  );
});
