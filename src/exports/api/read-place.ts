import { readVector } from '../../cad/read-vector.ts';

/** A place on the map. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** A place as scripts give it: a Lua vector, a list, or a table with `x`, `y` and perhaps `z`. */
export function readPlace(given: unknown): Place | null {
  const vector = readVector(given);
  if (vector === null) return null;
  const [x = 0, y = 0, z = 0] = vector;
  return { x, y, z };
}
