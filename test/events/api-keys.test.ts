import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createKeyRing, formsOf } from '../../src/events/api-keys.ts';
import { anyCharacter } from '../any-character.ts';
import { writingsOf } from '../hardening/forms-of-key.ts';

describe('createKeyRing', () => {
  const ring = createKeyRing(['First-Api-Key-0001', 'second-api-key-0002']);

  it('accepts each configured key', () => {
    expect(ring.accepts('First-Api-Key-0001')).toBe(true);
    expect(ring.accepts('second-api-key-0002')).toBe(true);
  });

  it('does not mind the case of a to z', () => {
    expect(ring.accepts('FIRST-API-KEY-0001')).toBe(true);
    expect(ring.accepts('first-api-key-0001')).toBe(true);
  });

  it.each(['', 'First-Api-Key-000', 'First-Api-Key-00011', ' First-Api-Key-0001', 'First-Api-Key-0001\0', 'third'])(
    'refuses %j',
    (candidate) => {
      expect(ring.accepts(candidate)).toBe(false);
    },
  );

  it('folds nothing but a to z', () => {
    expect(createKeyRing(['STRASSE-STRASSE-1']).accepts('STRAßE-STRASSE-1')).toBe(false);
    expect(createKeyRing(['SSSSSSSSSSSSSSSS']).accepts('ſſſſſſſſſſſſſſſſ')).toBe(false);
    expect(createKeyRing(['IIIIIIIIIIIIIIII']).accepts('ıııııııııııııııı')).toBe(false);
  });

  it('accepts nothing when there is no key, not even an empty one', () => {
    expect(createKeyRing([]).accepts('')).toBe(false);
    expect(createKeyRing(['']).accepts('')).toBe(false);
  });
});

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
