import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createKeyRing, formsOf } from '../../src/events/api-keys.ts';
import { anyCharacter } from '../any-character.ts';

const isIn = (text: string, key: string): boolean => formsOf(key).some((form) => text.includes(form));

describe('the forms of a key', () => {
  const key = 'Key "1" /+%&?~>>\\ end';

  it.each([
    ['as it is', `Bearer ${key}.`],
    ['URL-encoded', `?key=${encodeURIComponent(key)}&a=1`],
    ['as a form has it', new URLSearchParams({ key }).toString()],
    ['within JSON', JSON.stringify({ key })],
    ['by its letters in JSON', '\\u004b\\u0065\\u0079\\u0020'.replace(/$/, [...key.slice(4)].map(unicode).join(''))],
  ])('find it %s', (_how, text) => {
    expect(isIn(text, key)).toBe(true);
  });

  it('are one where nothing needs another form', () => {
    expect(formsOf('abcdef0123456789').filter((form) => form === 'abcdef0123456789')).toHaveLength(1);
    expect(new Set(formsOf('abcdef0123456789')).size).toBe(formsOf('abcdef0123456789').length);
  });

  it('leave other texts alone', () => {
    expect(isIn('nothing of that kind', key)).toBe(false);
  });
});

describe('the base64 of whatever holds a key', () => {
  const character = fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code));
  const printable = fc.string({ unit: character, minLength: 16, maxLength: 40 });
  const cases = fc.infiniteStream(fc.boolean());

  function inCases(text: string, isLarge: IterableIterator<boolean>): string {
    return [...text].map((letter) => (isLarge.next().value ? letter.toUpperCase() : letter.toLowerCase())).join('');
  }

  it('is masked in either alphabet, in an address and in JSON, in whatever cases the key and the base64 are', () => {
    fc.assert(
      fc.property(
        printable,
        fc.string({ unit: anyCharacter }),
        fc.string({ unit: anyCharacter }),
        cases,
        fc.boolean(),
        (secret, before, after, isLarge, isRecased) => {
          const { mask, mayStandIn } = createKeyRing([secret]);
          const bytes = Buffer.from(before + inCases(secret, isLarge) + after);
          const base64 = bytes.toString('base64');
          const written = [
            base64,
            bytes.toString('base64url'),
            encodeURIComponent(base64),
            encodeURIComponent(base64).toLowerCase(),
            base64.replaceAll('/', '\\/'),
          ];
          for (const text of written.map((form) => (isRecased ? inCases(form, isLarge) : form))) {
            expect(mask(text)).toContain('(API key removed)');
            expect(mayStandIn(text)).toBe(true);
          }
        },
      ),
    );
  });

  it('is left alone when it holds another key', () => {
    const another = Buffer.from('b-key-for-testing-01').toString('base64');
    expect(createKeyRing(['a-key-for-testing-01']).mask(another)).toBe(another);
  });

  it.each([[27], [256]])('is found without holding the thread, with five keys of %i characters', (length) => {
    const keys = Array.from({ length: 5 }, (_, at) => `${at}aB-3dE/6gH+k`.repeat(20).slice(0, length));
    const ring = createKeyRing(keys);
    const began = process.cpuUsage();
    ring.mask('An event was received.');
    ring.mask(keys.join(' ').repeat(25_000).slice(0, 675_000));
    ring.mask(Buffer.from(keys.join('  ').repeat(25_000)).toString('base64').slice(0, 675_000));
    const { user, system } = process.cpuUsage(began);
    // Some 20 ms for keys as they are, 400 ms for the longest; quadratic would be minutes.
    expect((user + system) / 1_000).toBeLessThan(4_000);
  });
});

function unicode(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
