import * as z from 'zod';
import { entry } from './entry.ts';
import {
  copyFields,
  type Fields,
  neededListOf,
  readFlag,
  readIdsOrOne,
  readObject,
  readWhole,
  without,
} from './read-values.ts';
import { identitiesOfUnit, readIdentifiedUnit, readUnit, unit, unitChange, unitClientFields } from './unit.ts';

const ONE_IDENT = '`identIds` may be a single number, or come under its old name `identId`';

const readUnits = neededListOf(readIdentifiedUnit);

export const unitUpdate = entry({
  type: 'EVENT_UNIT_UPDATE',
  description: 'Something about one or more units has changed.',
  // The units are all there is to it.
  schema: () => z.looseObject({ units: z.array(unitChange()) }).meta({ id: 'UnitUpdateData' }),
  accepts: ['`units` may be a single unit, or come as `unit`', 'Units without an id are left out'],
  concerns: {
    idents: ({ units }) => units.map(({ id }) => id),
    identities: ({ units }) => units.flatMap(identitiesOfUnit),
  },
  clientFields: { units: [unitClientFields] },
  canonicalise(data) {
    const canonical = without(data, 'unit');
    canonical.units = readUnits(data.units ?? data.unit);
    return canonical;
  },
});

export const unitStatus = entry({
  type: 'EVENT_UNIT_STATUS',
  description: 'One or more units have a new status.',
  // Who, and what it is now: without either there is no change to make.
  schema: () =>
    z
      .looseObject({
        identIds: z.array(z.int()),
        status: z.int().describe('The status of all of them; where `units` is given, that of the first'),
        units: z
          .array(unitChange())
          .optional()
          .describe('Given when the CAD sent whole units: each has its own status'),
      })
      .meta({ id: 'UnitStatusData' }),
  accepts: [ONE_IDENT, '`units` (whole units) instead of `identIds` and `status`, which are then taken from them'],
  concerns: {
    idents: ({ identIds }) => identIds,
    identities: ({ units = [] }) => units.flatMap(identitiesOfUnit),
  },
  clientFields: { identIds: ['number'], status: 'number', units: [unitClientFields] },
  canonicalise(data) {
    const canonical = without(data, 'identId', 'units', 'unit');
    const units = readUnits(data.units ?? data.unit);
    const listed = readIdsOrOne(data.identIds, data.identId);
    canonical.identIds = listed;
    canonical.status = readWhole(data.status) ?? data.status;
    if (units === undefined) return canonical;
    canonical.units = units;
    canonical.identIds = [...new Set([...(listed ?? []), ...units.map(idOf)])];
    canonical.status ??= statusOf(units[0]);
    return canonical;
  },
});

export const unitLogin = entry({
  type: 'EVENT_UNIT_LOGIN',
  description: 'A unit has signed in to the CAD.',
  // Who signed in is the event.
  schema: () =>
    z
      .looseObject({
        unit: unit(),
        isDispatch: z
          .boolean()
          .default(false)
          .describe('Whether it signed in as a dispatcher; `unit.isDispatch` says the same'),
        selfDispatch: z.boolean().default(false),
      })
      .meta({ id: 'UnitLoginData' }),
  accepts: [
    '`unit.data.apiId1` and `unit.data.apiId2` (old) end up in `unit.data.apiIds`, which is always a list',
    '`isDispatch` on either level counts for both',
  ],
  concerns: {
    idents: (data) => [data.unit.id],
    identities: (data) => identitiesOfUnit(data.unit),
  },
  clientFields: { unit: unitClientFields, isDispatch: 'flag', selfDispatch: 'flag' },
  canonicalise(data) {
    const canonical = copyFields(data);
    const signedIn = readUnit(data.unit);
    const fields = readObject(signedIn);
    const isDispatch = readFlag(data.isDispatch) ?? readFlag(fields?.isDispatch) ?? false;
    canonical.unit = fields === undefined ? signedIn : { ...fields, isDispatch };
    canonical.isDispatch = isDispatch;
    canonical.selfDispatch = readFlag(data.selfDispatch);
    return canonical;
  },
});

export const unitLogout = entry({
  type: 'EVENT_UNIT_LOGOUT',
  description: 'A unit has signed out of the CAD.',
  // Only that unit is removed, so its id has to be there.
  schema: () => z.looseObject({ identId: z.int() }).meta({ id: 'UnitLogoutData' }),
  accepts: [],
  concerns: { idents: ({ identId }) => [identId] },
  clientFields: { identId: 'number' },
  canonicalise(data) {
    const canonical = copyFields(data);
    canonical.identId = readWhole(data.identId) ?? data.identId;
    return canonical;
  },
});

export const unitPanic = entry({
  type: 'EVENT_UNIT_PANIC',
  description: 'One or more units have pressed or reset their panic button.',
  // Who. An isPanic that is there but cannot be read is refused: an alarm must not be called off, or raised, by a guess.
  schema: () =>
    z
      .looseObject({
        identIds: z.array(z.int()),
        isPanic: z.boolean().default(true).describe('true when pressed, false when reset'),
      })
      .meta({ id: 'UnitPanicData' }),
  accepts: [ONE_IDENT, '`isPanic` missing, as in the first versions of the event, which had no reset: pressed'],
  concerns: { idents: ({ identIds }) => identIds },
  clientFields: { identIds: ['number'], isPanic: 'flag' },
  canonicalise(data) {
    const canonical = without(data, 'identId');
    canonical.identIds = readIdsOrOne(data.identIds, data.identId);
    canonical.isPanic = readFlag(data.isPanic) ?? data.isPanic ?? undefined;
    return canonical;
  },
});

function idOf(given: unknown): unknown {
  return fieldsOf(given).id;
}

function statusOf(given: unknown): unknown {
  return fieldsOf(given).status;
}

function fieldsOf(given: unknown): Fields {
  return readObject(given) ?? {};
}
