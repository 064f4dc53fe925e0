import { describe, expect, it } from '@jest/globals';
import { plainVectors } from '../../src/api/arguments.ts';
import { readVector } from '../../src/lib/vectors.ts';

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
