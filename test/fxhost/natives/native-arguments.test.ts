import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import {
  floatArgument,
  integerArgument,
  requiredBytes,
  requiredText,
  textArgument,
} from '../../../scripts/fxhost/natives/native-arguments.ts';

describe('arguments of natives', () => {
  it.each([0, null, undefined, false])('turns %p given for text into NULL', (value) => {
    expect(textArgument(value)).toBeNull();
    expect(() => requiredText(['', value], 1)).toThrow('Argument at index 1 was null.');
  });

  it.each([
    [12, '12'],
    [true, 'true'],
    ['', ''],
    ['ab\0cd', 'ab'],
    ['a\ud800b', 'a\ufffdb'],
    [Buffer.from('öl'), 'öl'],
    [Buffer.from([0x61, 0xff]), 'a\ufffd'],
  ])('reads %p as the text %p', (value, text) => {
    expect(textArgument(value)).toBe(text);
  });

  it('reads buffers that come from another global scope', () => {
    expect(textArgument(runInNewContext('new Uint8Array([111, 107])'))).toBe('ok');
    expect(textArgument(runInNewContext('new Uint8Array([111, 107]).buffer'))).toBe('ok');
  });

  it('keeps NULs in bytes', () => {
    expect(requiredBytes(['a\0b'], 0)).toEqual(Buffer.from('a\0b'));
    expect(() => requiredBytes([null], 0)).toThrow('Argument at index 0 was null');
  });

  it.each([
    [2 ** 31, -(2 ** 31)],
    [2 ** 32 + 5, 5],
    [true, 1],
    [undefined, 0],
    [1.5, 0x3fc00000],
  ])('reads %p as the integer %p', (value, integer) => {
    expect(integerArgument([value], 0)).toBe(integer);
  });

  it('reads floats in 32 bits', () => {
    expect(floatArgument([0.1], 0)).toBe(Math.fround(0.1));
  });

  it('refuses text given for a number', () => {
    expect(() => integerArgument(['7'], 0)).toThrow('Argument at index 0 is no number');
  });
});
