import * as z from 'zod';
import { lazily } from '../../schemas/lazily.ts';
import { readVector } from '../read-vector.ts';

const MAX_TEXT = 500;

const text = lazily(() => z.string().min(1).max(MAX_TEXT));
const unitUpdate = lazily(() =>
  z.looseObject({
    identId: z.int().nullish(),
    apiId: text().nullish(),
    communityUserId: text().nullish(),
    roblox: z.union([z.int(), text()]).nullish(),
    location: text(),
    coordinates: z.unknown().optional(),
    /** What the CAD's own sample calls them. */
    position: z.unknown().optional(),
  }),
);

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
export function readUnitUpdate(update: unknown): ReadUpdate | null {
  const read = unitUpdate().safeParse(update);
  if (!read.success) return null;
  const { coordinates: place, position, ...rest } = read.data;
  const identity = IDENTITIES.find((name) => rest[name] !== undefined && rest[name] !== null);
  if (identity === undefined) return null;
  const given = place ?? position ?? null;
  const coordinates = readCoordinates(given);
  if (given !== null && coordinates === null) return null;
  const plain = Object.entries(rest).filter(([, value]) => isPlain(value));
  return {
    unit: `${identity} ${String(rest[identity]).toLowerCase()}`,
    update: { ...Object.fromEntries(plain), ...(coordinates !== null && { coordinates }) },
  };
}

function readCoordinates(given: unknown): object | null {
  const [x, y, height, w] = readVector(given) ?? [];
  return height === undefined ? null : { x, y, z: height, ...(w !== undefined && { w }) };
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= MAX_TEXT;
  return typeof value === 'number' || typeof value === 'boolean';
}
