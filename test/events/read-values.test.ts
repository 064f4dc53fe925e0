import { describe, expect, it } from '@jest/globals';
import {
  plainVectors,
  readFlag,
  readNumber,
  readObject,
  readText,
  readVector,
  readWhole,
  without,
} from '../../src/events/read-values.ts';

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

/** What the game server's JavaScript makes of a Lua vector. */
function luaVector(...numbers: number[]): object {
  return { type: 18 + numbers.length, buffer: new Uint8Array(new Float32Array(numbers).buffer) };
}

describe('a vector', () => {
  it.each([
    ['a Lua vector2', luaVector(1.5, -2), [1.5, -2]],
    ['a Lua vector3', luaVector(1.5, -2, 3), [1.5, -2, 3]],
    ['a Lua vector4', luaVector(1.5, -2, 3, 90), [1.5, -2, 3, 90]],
    ['a list', [1, 2, 3], [1, 2, 3]],
    ['a table', { x: 1, y: 2, z: 3, w: 4 }, [1, 2, 3, 4]],
    ['a table of texts', { x: '1.5', y: '2', z: null }, [1.5, 2]],
  ])('is %s', (_what, given, numbers) => {
    expect(readVector(given)).toEqual(numbers);
  });

  it.each([
    ['nothing', null],
    ['text', '1, 2'],
    ['a table with a hole', { x: 1, z: 3 }],
    ['a table of words', { x: 'a', y: '' }],
    ['a list of one', [1]],
    ['a list of five', [1, 2, 3, 4, 5]],
    ['a list of texts', ['1', '2']],
    ['numbers without end', [Number.NaN, 1]],
    ['a vector with too few bytes', { type: 21, buffer: new Uint8Array(4) }],
    ['a vector without bytes', { type: 21, buffer: null }],
    ['a vector of what is no number', { type: 20, buffer: Array(8).fill({ valueOf: 1, toString: 1 }) }],
    ['another extension', { type: 10, buffer: new Uint8Array(8) }],
  ])('is not %s', (_what, given) => {
    expect(readVector(given)).toBeNull();
  });

  it('within other values becomes a table, and all else stays', () => {
    const given = { blips: [{ coordinates: luaVector(1.5, 2), type: 21, tooltip: null }], at: luaVector(1, 2, 3) };
    expect(plainVectors(given)).toEqual({
      blips: [{ coordinates: { x: 1.5, y: 2 }, type: 21, tooltip: null }],
      at: { x: 1, y: 2, z: 3 },
    });
    for (const plain of ['text', 7, true, null, undefined]) expect(plainVectors(plain)).toBe(plain);
  });
});
