import * as v from 'valibot';

export const integer = v.pipe(v.number(), v.integer());

const coordinatesSchema = v.looseObject({ x: v.number(), y: v.number(), z: v.number(), w: v.optional(v.number()) });

/** A unit as the CAD sends and keeps it; anything beside its number may be missing. */
export const unitSchema = v.looseObject({
  id: integer,
  accId: v.optional(v.string()),
  status: v.optional(integer),
  isPanic: v.optional(v.boolean()),
  location: v.optional(v.string()),
  coordinates: v.optional(coordinatesSchema),
  aop: v.optional(v.string()),
  isDispatch: v.optional(v.boolean()),
  data: v.optional(
    v.looseObject({
      apiIds: v.optional(v.array(v.string())),
      communityUserId: v.optional(v.string()),
      group: v.optional(v.string()),
    }),
  ),
});

export type Unit = v.InferOutput<typeof unitSchema>;

/** The status of a unit that is not signed in. */
export const OFFLINE = 100;

const STATUS_NAMES: Readonly<Record<number, string>> = {
  0: 'UNAVAILABLE',
  1: 'BUSY',
  2: 'AVAILABLE',
  3: 'ENROUTE',
  4: 'ON_SCENE',
  [OFFLINE]: 'OFFLINE',
};

/** What the CAD calls a status; those a community made up have only their number. */
export const statusName = (status: number): string => STATUS_NAMES[status] ?? String(status);
