import { readLuaVector } from '../../cad/read-vector.ts';

/** Deeper than anything that the CAD takes. */
const MAX_DEPTH = 20;

/** @returns what a script gave, with tables of `x`, `y`, `z` and `w` in place of Lua's vectors */
export function plainVectors(given: unknown, depth = 0): unknown {
  if (typeof given !== 'object' || given === null || depth > MAX_DEPTH) return given;
  if (Array.isArray(given)) return given.map((item) => plainVectors(item, depth + 1));
  const vector = readLuaVector(given);
  if (vector === null)
    return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, plainVectors(value, depth + 1)]));
  return Object.fromEntries(vector.map((number, index) => ['xyzw'.charAt(index), number]));
}
