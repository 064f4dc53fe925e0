/** A place on the map. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** A place as scripts give it: a Lua vector (which arrives as a list) or a table with `x`, `y` and perhaps `z`. */
export function readPlace(given: unknown): Place | null {
  if (typeof given !== 'object' || given === null) return null;
  const fields = given as Readonly<Record<string, unknown>>;
  const [x, y, z] = Array.isArray(given) ? given : [fields.x, fields.y, fields.z];
  const place = { x: Number(x ?? Number.NaN), y: Number(y ?? Number.NaN), z: Number(z ?? 0) };
  return Object.values(place).every(Number.isFinite) ? place : null;
}
