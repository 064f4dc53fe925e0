import * as z from 'zod';
import { lazily } from '../../schemas/lazily.ts';
import type { ClientFields } from './client-fields.ts';
import {
  copyFields,
  type Fields,
  fieldsReader,
  needed,
  readFlag,
  readNumber,
  readObject,
  readText,
  readTexts,
  readWhole,
} from './read-values.ts';

const coordinates = lazily(() =>
  z
    .looseObject({ x: z.number(), y: z.number(), z: z.number().optional(), w: z.number().optional() })
    .meta({ id: 'Coordinates', description: 'A place on the map; `w` is the heading.' }),
);

const unitIdentities = lazily(() => ({
  apiIds: z
    .array(z.string())
    .default(() => [])
    .describe('Identities of the person, bare or prefixed; always a list'),
  communityUserId: z.string().optional().describe('Identity of the person, the newer field'),
  communityUserIds: z.array(z.string()).optional().describe('As communityUserId, when there are several'),
}));

const unitTexts = lazily(() => ({
  unitNum: z.string().default('').describe('Call sign'),
  name: z.string().default(''),
  district: z.string().default(''),
  department: z.string().default(''),
  subdivision: z.string().default(''),
  rank: z.string().default(''),
  group: z.string().default('').describe('Group the unit belongs to, empty for none'),
  page: z.int().default(-1).describe('0 police, 1 fire, 2 EMS, 3 dispatch, -1 unknown'),
}));

const unitFields = lazily(() => ({
  accId: z.string().default('').describe('Account UUID'),
  status: z
    .int()
    .default(0)
    .describe('0 unavailable, 1 busy, 2 available, 3 enroute, 4 on scene; communities may add more'),
  isPanic: z.boolean().default(false),
  location: z.string().default(''),
  aop: z.string().default('').describe('Area of play'),
}));

const unitExtras = lazily(() => ({
  isDispatch: z
    .boolean()
    .optional()
    .describe('Whether it is signed in as a dispatcher; absent when the CAD did not say'),
  coordinates: coordinates().optional(),
}));

// Without its id a unit is nobody: nothing could be stored, changed or removed. All else has a harmless default.
const unitId = lazily(() => z.int().describe('The identifier that other events call ident or identId'));

/** A unit as it is when it signs in: whole. */
export const unit = lazily(() =>
  z
    .looseObject({
      id: unitId(),
      ...unitFields(),
      ...unitExtras(),
      data: z
        .looseObject({ ...unitIdentities(), ...unitTexts() })
        .meta({ id: 'UnitDetails' })
        .prefault({}),
    })
    .meta({ id: 'Unit', description: 'A unit: an officer, medic or dispatcher signed in to the CAD.' }),
);

// Defaults here would blank what is already known about the unit: what the CAD did not say stays absent.
/** What an update says about a unit. */
export const unitChange = lazily(() =>
  z
    .looseObject({
      id: unitId(),
      ...optionalFields(unitFields()),
      ...unitExtras(),
      data: z
        .looseObject({ ...unitIdentities(), ...optionalFields(unitTexts()) })
        .meta({ id: 'UnitDetailsChange' })
        .prefault({}),
    })
    .meta({
      id: 'UnitChange',
      description: 'What an update says about a unit: a field that it leaves out has not changed.',
    }),
);

type WithoutDefaults<Shape> = {
  [Name in keyof Shape]: Shape[Name] extends z.ZodDefault<infer Inner> ? z.ZodOptional<Inner> : Shape[Name];
};

function optionalFields<Shape extends Readonly<Record<string, z.ZodDefault<z.ZodType>>>>(
  shape: Shape,
): WithoutDefaults<Shape> {
  const entries = Object.entries(shape).map(([name, field]) => [name, describeAs(field, field.unwrap().optional())]);
  return Object.fromEntries(entries);
}

function describeAs(from: z.ZodType, to: z.ZodType): z.ZodType {
  return from.description === undefined ? to : to.describe(from.description);
}

const readDetailFields = fieldsReader({
  communityUserId: readText,
  communityUserIds: readTexts,
  unitNum: readText,
  name: readText,
  district: readText,
  department: readText,
  subdivision: readText,
  rank: readText,
  group: readText,
  page: readWhole,
});

const readPlace = fieldsReader({ x: readNumber, y: readNumber, z: readNumber, w: readNumber });

const readUnitFields = fieldsReader({
  id: needed(readWhole),
  accId: readText,
  status: readWhole,
  isPanic: readFlag,
  location: readText,
  aop: readText,
  isDispatch: readFlag,
  coordinates: readCoordinates,
});

/** Brings a unit into its canonical shape. One that is no object is left for the schema to refuse. */
export function readUnit(given: unknown): unknown {
  const fields = readObject(given);
  if (fields === undefined) return given;
  const read = readUnitFields(fields);
  read.data = readDetails(readObject(fields.data) ?? {});
  return read;
}

/** As `readUnit`, giving undefined for one without a readable id, so that a list of units can go on without it. */
export function readIdentifiedUnit(given: unknown): unknown {
  const fields = readObject(given);
  return fields === undefined || readWhole(fields.id) === undefined ? undefined : readUnit(fields);
}

function readDetails(given: Fields): Fields {
  const details = readDetailFields(given);
  // Consumers iterate apiIds, so the two fields that came before it end up in it too.
  const apiIds = given.apiIds === undefined ? [] : readTexts(given.apiIds);
  for (const legacy of [given.apiId1, given.apiId2]) {
    if (legacy !== undefined) apiIds.push(...readTexts(legacy));
  }
  details.apiIds = apiIds;
  return details;
}

/** A place needs both of its axes: half of one is no place. */
function readCoordinates(given: unknown): Fields | undefined {
  const fields = readObject(given);
  if (fields === undefined) return undefined;
  const place = readPlace(fields);
  return place.x === undefined || place.y === undefined ? undefined : copyFields(place);
}

/** The identities that a unit's player may be found by. */
export function identitiesOfUnit({
  data,
}: z.output<ReturnType<typeof unit>> | z.output<ReturnType<typeof unitChange>>): string[] {
  const identities = [...(data.communityUserIds ?? []), ...data.apiIds];
  return data.communityUserId ? [data.communityUserId, ...identities] : identities;
}

/** Where a unit is, and the account behind it, stay on the server. */
export const unitClientFields: ClientFields = {
  id: 'number',
  status: 'number',
  isPanic: 'flag',
  location: 'text',
  aop: 'text',
  isDispatch: 'flag',
  data: {
    unitNum: 'text',
    name: 'text',
    district: 'text',
    department: 'text',
    subdivision: 'text',
    rank: 'text',
    group: 'text',
    page: 'number',
  },
};
