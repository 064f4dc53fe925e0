import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formsOf } from '../../src/events/key-ring.ts';

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

  it('find it in the base64 of whatever holds it', () => {
    const printable = fc.string({
      unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
      minLength: 16,
      maxLength: 40,
    });
    fc.assert(
      fc.property(printable, fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (secret, before, after) => {
        const bytes = Buffer.from(before + secret + after);
        expect(isIn(bytes.toString('base64'), secret)).toBe(true);
        expect(isIn(bytes.toString('base64url'), secret)).toBe(true);
        const shouted = Buffer.from(before + secret.toUpperCase() + after);
        expect(isIn(shouted.toString('base64'), secret)).toBe(true);
      }),
    );
  });

  it('are one where nothing needs another form', () => {
    expect(formsOf('abcdef0123456789').filter((form) => form === 'abcdef0123456789')).toHaveLength(1);
    expect(new Set(formsOf('abcdef0123456789')).size).toBe(formsOf('abcdef0123456789').length);
  });

  it('leave other texts alone', () => {
    expect(isIn('nothing of that kind', key)).toBe(false);
  });
});

function unicode(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
