import * as z from 'zod';

const MAX_TEXT = 500;

const text = z.string().min(1).max(MAX_TEXT);
const vector = z.looseObject({ x: z.number(), y: z.number(), z: z.number(), w: z.number().optional() });
/** Lua's vectors reach JavaScript as lists. */
const coordinates = z.union([vector, z.array(z.number()).min(3).max(4)]).nullish();

const unitUpdate = z.looseObject({
  identId: z.int().nullish(),
  apiId: text.nullish(),
  communityUserId: text.nullish(),
  roblox: z.union([z.int(), text]).nullish(),
  location: text,
  coordinates,
  /** What the CAD's own sample calls them. */
  position: coordinates,
});

/** Where a unit is, as the CAD takes it. */
export type UnitUpdate = Readonly<Record<string, unknown>>;

/** An update, and by what its unit is known: two of one unit have the same `unit`. */
export interface ReadUpdate {
  readonly unit: string;
  readonly update: UnitUpdate;
}

const IDENTITIES = ['identId', 'apiId', 'communityUserId', 'roblox'] as const;

/**
 * Reads one update of a scripter. Plain values that are not known here go along, up to 500 characters each; anything else is left out.
 *
 * @returns null when it names no unit or no location
 */
export function readUnitUpdate(given: unknown): ReadUpdate | null {
  const read = unitUpdate.safeParse(given);
  if (!read.success) return null;
  const { coordinates: place, position, ...rest } = read.data;
  const identity = IDENTITIES.find((name) => rest[name] !== undefined && rest[name] !== null);
  if (identity === undefined) return null;
  const plain = Object.entries(rest).filter(([, value]) => isPlain(value));
  const at = readVector(place ?? position);
  return {
    unit: `${identity} ${String(rest[identity]).toLowerCase()}`,
    update: { ...Object.fromEntries(plain), ...(at && { coordinates: at }) },
  };
}

function readVector(given: z.output<typeof coordinates>): object | null {
  if (given === undefined || given === null) return null;
  const [x, y, height, w] = Array.isArray(given) ? given : [given.x, given.y, given.z, given.w];
  return { x, y, z: height, ...(w !== undefined && { w }) };
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= MAX_TEXT;
  return typeof value === 'number' || typeof value === 'boolean';
}
