import { describe, expect, it } from '@jest/globals';
import { readFlag, readNumber, readObject, readText, readWhole, without } from '../../src/events/read-values.ts';

describe('reading values', () => {
  it.each([
    [12, 12],
    ['12', 12],
    ['-1', -1],
    ['9007199254740991', 9007199254740991],
  ])('reads %j as the whole number %d', (given, expected) => {
    expect(readWhole(given)).toBe(expected);
  });

  it.each([
    '',
    ' 12',
    '12 ',
    '+12',
    '012',
    '1e3',
    '0x10',
    '12.0',
    '-0',
    '1.5',
    '9007199254740993',
    2 ** 53,
    1.5,
    null,
    true,
    [12],
  ])('reads no whole number in %j', (given) => {
    expect(readWhole(given)).toBeUndefined();
  });

  it.each([
    ['29.40', 29.4],
    ['-981.1', -981.1],
    [402.5, 402.5],
    ['7', 7],
  ])('reads %j as the number %d', (given, expected) => {
    expect(readNumber(given)).toBe(expected);
  });

  it.each(['', '.5', '5.', '1,5', '1e9', 'NaN', 'Infinity', Number.POSITIVE_INFINITY, '1'.repeat(33), null])(
    'reads no number in %j',
    (given) => {
      expect(readNumber(given)).toBeUndefined();
    },
  );

  it.each([
    [true, true],
    ['True', true],
    ['FALSE', false],
    [1, true],
    [0, false],
  ])('reads %j as the flag %j', (given, expected) => {
    expect(readFlag(given)).toBe(expected);
  });

  it.each(['', 'yes', 2, null, 'true ', {}])('reads no flag in %j', (given) => {
    expect(readFlag(given)).toBeUndefined();
  });

  it('reads numbers and flags as text, and nothing else', () => {
    expect([readText('a'), readText(8042), readText(false)]).toEqual(['a', '8042', 'false']);
    expect([readText(null), readText({}), readText([])]).toEqual([undefined, undefined, undefined]);
  });

  it('reads an object in a list of its own, but not one of several', () => {
    expect(readObject([{ a: 1 }])).toEqual({ a: 1 });
    expect(readObject([{ a: 1 }, {}])).toBeUndefined();
    expect(readObject([[{ a: 1 }]])).toBeUndefined();
  });

  it('copies an object without some names and without __proto__', () => {
    const given = JSON.parse('{"a":1,"b":2,"__proto__":{"c":3}}');
    expect(Object.keys(without(given, 'b'))).toEqual(['a']);
    expect(Object.keys(given)).toEqual(['a', 'b', '__proto__']);
  });
});
