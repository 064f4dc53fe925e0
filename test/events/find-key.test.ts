import { describe, expect, it } from '@jest/globals';
import { MAX_KEY_LENGTH } from '../../src/events/api-keys.ts';
import { findKey } from '../../src/events/find-key.ts';

const find = (text: string) => findKey(Buffer.from(text));

describe('findKey', () => {
  it.each([
    ['first', '{"key":"abc","type":"T"}'],
    ['last', '{"type":"T","data":{},"key":"abc"}'],
    ['among white space', ' \r\n\t{ "type" : "T" ,\n "key" :\t"abc" }'],
    ['after nested objects and arrays', '{"data":[{"a":[1,{"b":"}]"}]}],"key":"abc"}'],
    ['after a string with quotes and brackets', '{"data":"\\"}{][\\\\","key":"abc"}'],
    ['with escapes in its name', '{"\\u006b\\u0065\\u0079":"abc"}'],
    ['with escapes in its value', '{"key":"a\\u0062c"}'],
  ])('finds the key when it stands %s', (_where, text) => {
    expect(find(text)).toBe('abc');
  });

  it('takes the first of two members named key', () => {
    expect(find('{"key":"one","key":"two"}')).toBe('one');
  });

  it.each([
    ['a nested object', '{"data":{"key":"abc"}}'],
    ['a nested array of objects', '{"data":[{"key":"abc"}]}'],
    ['a value', '{"type":"key","data":"key"}'],
    ['a value before a colon that is none of its own', '{"type":"key":"abc"}'],
    ['text inside a string', '{"data":"\\"key\\":\\"abc\\""}'],
    ['a name that reads like an escape and has no backslash', '{"xu006bey":"abc","keu0079":"abc"}'],
    ['another casing', '{"Key":"abc","KEY":"abc"}'],
    ['what follows the object', '{"type":"T"},"key":"abc"'],
  ])('does not take a key from %s', (_where, text) => {
    expect(find(text)).toBeNull();
  });

  it.each(['["abc"]', '{"a":"abc"}', '12', 'null', 'true', '', '"abc', '"\\u12"', '"\\x"'])(
    'finds no key in the value %s',
    (value) => {
      expect(find(`{"key":${value}}`)).toBeNull();
    },
  );

  it.each(['', ' ', '[]', '"key"', '["key","abc"]', '{', '{"key"', '{"key":', '\uFEFF{"key":"abc"}'])(
    'finds no key in the body %j',
    (text) => {
      expect(find(text)).toBeNull();
    },
  );

  it('finds a key of exactly 256 characters and none of more', () => {
    const longest = 'k'.repeat(MAX_KEY_LENGTH);
    expect(find(`{"key":"${longest}"}`)).toBe(longest);
    expect(find(`{"key":"${longest}k"}`)).toBeNull();
    expect(find(`{"key":"${'\\u006b'.repeat(MAX_KEY_LENGTH)}"}`)).toBe(longest);
  });

  it('reads the bytes it was given and not those before or after them in the same memory', () => {
    const memory = Buffer.from('xxxx{"key":"abc"}yyyy');
    expect(findKey(memory.subarray(4, 17))).toBe('abc');
    expect(findKey(memory.subarray(4, 15))).toBeNull();
  });

  it('walks through 30,000 levels of nesting', () => {
    const deep = `{"data":${'['.repeat(30_000)}${']'.repeat(30_000)},"key":"abc"}`;
    expect(find(deep)).toBe('abc');
  });
});
