import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decode, decodeList, encode } from '../src/msgpack.ts';

describe("the host's codec", () => {
  it('gives back what it packed', () => {
    const value = fc.jsonValue({ maxDepth: 4 }).map((json) => (Object.is(json, -0) ? 0 : json));
    fc.assert(fc.property(value, (json) => expect(decode(encode(json))).toEqual(JSON.parse(JSON.stringify(json)))));
  });

  it.each([
    ['', 'a'.repeat(31), 'a'.repeat(32), 'ü'.repeat(200), 'a'.repeat(70_000)],
    [0, 127, 128, -32, -33, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53, 0.5, Number.POSITIVE_INFINITY],
    [Array(15).fill(1), Array(16).fill(1), Array(70_000).fill(1)],
    [Object.fromEntries(Array.from({ length: 16 }, (_, i) => [i, i]))],
    [{ functionReference: 'a:1:2' }, null, true],
  ])('knows each form of %#', (...values) => {
    expect(decode(encode(values))).toEqual(values);
  });

  it.each([1, 255, 256, 70_000])('keeps %i bytes as bytes', (length) => {
    const [bytes, after] = decodeList(encode([Buffer.alloc(length, 7), 'after']));
    expect(Buffer.isBuffer(bytes) && bytes.equals(Buffer.alloc(length, 7))).toBe(true);
    expect(after).toBe('after');
  });

  it('reads what msgpack-lite and Lua write and it does not', () => {
    const hex = (text: string) => decode(Buffer.from(text.replaceAll(' ', ''), 'hex'));
    expect(hex('95 cc ff cd ffff ce ffffffff d0 80 d1 8000')).toEqual([255, 65535, 4294967295, -128, -32768]);
    expect(hex('93 cf 0000000100000000 d3 ffffffff00000000 ca 3fc00000')).toEqual([2 ** 32, -(2 ** 32), 1.5]);
    expect(hex('d6 0b 613a 313a')).toEqual({ functionReference: 'a:1:' });
    expect(hex('81 01 a1 61')).toEqual({ 1: 'a' });
  });

  it('keeps an own __proto__ an ordinary key', () => {
    const value = decode(encode(JSON.parse('{"__proto__":{"a":1}}')));
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect((value as { a?: number }).a).toBeUndefined();
  });

  it('refuses what is cut short', () => {
    const whole = encode(['abc', 2 ** 40]);
    for (let length = 0; length < whole.length; length++) {
      expect(() => decode(whole.subarray(0, length))).toThrow(/short|outside|out of range/);
    }
  });

  it('refuses what has no form', () => {
    expect(() => encode([1n])).toThrow('Unrecognized object');
    expect(decode(encode(['still works']))).toEqual(['still works']);
  });
});
