import * as z from 'zod';

const coordinatesSchema = z.looseObject({ x: z.number(), y: z.number(), z: z.number(), w: z.number().optional() });

/** A unit as the CAD sends and keeps it; anything beside its number may be missing. */
export const unitSchema = z.looseObject({
  id: z.int(),
  accId: z.string().optional(),
  status: z.int().optional(),
  isPanic: z.boolean().optional(),
  location: z.string().optional(),
  coordinates: coordinatesSchema.optional(),
  aop: z.string().optional(),
  isDispatch: z.boolean().optional(),
  data: z
    .looseObject({
      apiIds: z.array(z.string()).optional(),
      communityUserId: z.string().optional(),
      group: z.string().optional(),
    })
    .optional(),
});

export type Unit = z.output<typeof unitSchema>;

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
