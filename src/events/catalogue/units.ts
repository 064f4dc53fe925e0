import { entry, filled, MADE_UP, needed, optional, shape, withoutDefaults } from '../fields.ts';
import {
  flag,
  listOf,
  neededIds,
  neededListOf,
  number,
  type OutputOf,
  strictly,
  text,
  texts,
  whole,
} from '../kinds.ts';
import {
  type Fields,
  MAX_EXPLAINED,
  readFlag,
  readIdsOrOne,
  readObject,
  readTexts,
  readWhole,
  without,
} from '../read-values.ts';

// Where a unit is, and the account behind it, stay on the server.
/** A place needs both of its axes: half of one is no place. */
const coordinates = shape(
  'Coordinates',
  {
    x: needed(number, { says: 'East' }),
    y: needed(number, { says: 'North' }),
    z: optional(number, { says: 'Height' }),
    w: optional(number, { says: 'Heading, in degrees' }),
  },
  { description: 'A place on the map; `w` is the heading.' },
);

const identities = {
  apiIds: filled(texts, [], { says: 'Identities of the person, bare or prefixed; always a list' }),
  communityUserId: optional(text, { says: 'Identity of the person, the newer field' }),
  communityUserIds: optional(texts, { says: 'As communityUserId, when there are several' }),
};

const details = {
  unitNum: filled(text, '', { says: 'Call sign', client: true }),
  name: filled(text, '', { says: 'Name of the person', client: true }),
  district: filled(text, '', { says: 'District', client: true }),
  department: filled(text, '', { says: 'Department', client: true }),
  subdivision: filled(text, '', { says: 'Subdivision', client: true }),
  rank: filled(text, '', { says: 'Rank', client: true }),
  group: filled(text, '', { says: 'Group the unit belongs to, empty for none', client: true }),
  page: filled(whole, -1, { says: '0 police, 1 fire, 2 EMS, 3 dispatch, -1 unknown', client: true }),
};

const detailsOptions = {
  // Consumers iterate apiIds, so the two fields that came before it end up in it too.
  prepare(given: Readonly<Record<string, unknown>>) {
    const listed = [given.apiIds, given.apiId1, given.apiId2].filter((one) => one !== undefined);
    return { ...given, apiIds: listed.flatMap(readTexts) };
  },
};

// Without its id a unit is not known: nothing could be stored, changed or removed. All else has a harmless default.
const id = needed(whole, { says: 'The identifier that other events call ident or identId', client: true });

const described = {
  accId: filled(text, '', { says: 'Account UUID' }),
  status: filled(whole, 0, {
    says: '0 unavailable, 1 busy, 2 available, 3 enroute, 4 on scene; communities may add more',
    client: true,
  }),
  isPanic: filled(flag, false, { says: 'Whether its panic button is pressed', client: true }),
  location: filled(text, '', { says: 'Where it is, in words', client: true }),
  aop: filled(text, '', { says: 'Area of play', client: true }),
};

const extras = {
  isDispatch: optional(flag, {
    says: 'Whether it is signed in as a dispatcher; absent when the CAD did not say',
    client: true,
  }),
  coordinates: optional(coordinates, { says: 'Where it is on the map' }),
};

/** A unit as it is when it signs in: whole. */
export const unit = shape(
  'Unit',
  {
    id,
    ...described,
    ...extras,
    data: filled(
      shape('UnitDetails', { ...identities, ...details }, detailsOptions),
      {},
      { says: 'Who it is', client: true },
    ),
  },
  { description: 'A unit: an officer, medic or dispatcher signed in to the CAD.' },
);

export type Unit = OutputOf<typeof unit>;

// Defaults here would blank what is already known about the unit: what the CAD did not say stays absent.
/** What an update says about a unit. */
export const unitChange = shape(
  'UnitChange',
  {
    id,
    ...withoutDefaults(described),
    ...extras,
    data: filled(
      shape('UnitDetailsChange', { ...identities, ...withoutDefaults(details) }, detailsOptions),
      {},
      { says: 'What has changed of who it is', client: true },
    ),
  },
  { description: 'What an update says about a unit: a field that it leaves out has not changed.' },
);

export type UnitChange = OutputOf<typeof unitChange>;

/** The identities that a unit's player may be found by. */
export function identitiesOfUnit({ data }: Unit | UnitChange): string[] {
  const found = [...(data.communityUserIds ?? []), ...data.apiIds];
  return data.communityUserId ? [data.communityUserId, ...found] : found;
}

const ONE_IDENT = '`identIds` may be a single number, or come under its old name `identId`';

const units = neededListOf(unitChange);

const sampleUnits = { identIds: [MADE_UP.unit, MADE_UP.otherUnit] };

const sampleUnit = {
  id: MADE_UP.unit,
  accId: MADE_UP.account,
  status: 2,
  location: 'Mission Row',
  aop: 'Los Santos',
  data: {
    apiIds: [MADE_UP.identity],
    unitNum: 'TEST-12',
    name: 'Test Unit',
    department: 'TEST',
    rank: 'Officer',
    page: 0,
  },
};

export const unitUpdate = entry({
  type: 'EVENT_UNIT_UPDATE',
  description: 'Something about one or more units has changed.',
  // The units are all there is to it.
  data: shape(
    'UnitUpdateData',
    { units: needed(units, { says: 'Units that have changed, each with what is new', client: true }) },
    { prepare: (data) => ({ ...without(data, 'unit'), units: data.units ?? data.unit }) },
  ),
  sample: { units: [{ ...sampleUnit, status: 3 }] },
  accepts: ['`units` may be a single unit, or come as `unit`', 'Units without an id are left out'],
  concerns: {
    idents: (data) => data.units.map(({ id }) => id),
    identities: (data) => data.units.flatMap(identitiesOfUnit),
  },
});

export const unitStatus = entry({
  type: 'EVENT_UNIT_STATUS',
  description: 'One or more units have a new status.',
  // Who, and what it is now: without either there is no change to make.
  data: shape(
    'UnitStatusData',
    {
      identIds: needed(strictly(listOf(whole)), { says: 'Units that have the new status', client: true }),
      status: needed(strictly(whole), {
        says: 'The status of all of them; where `units` is given, that of the first',
        client: true,
      }),
      units: optional(units, {
        says: 'Given when the CAD sent whole units: each has its own status',
        client: true,
        isRefused: true,
      }),
    },
    { prepare: withIdsOfUnits },
  ),
  sample: { ...sampleUnits, status: 4 },
  accepts: [ONE_IDENT, '`units` (whole units) instead of `identIds` and `status`, which are then taken from them'],
  concerns: {
    idents: ({ identIds }) => identIds,
    identities: (data) => (data.units ?? []).flatMap(identitiesOfUnit),
  },
});

function withIdsOfUnits(data: Fields): Fields {
  const given = { ...without(data, 'identId', 'unit'), units: data.units ?? data.unit };
  const listed = readIdsOrOne(data.identIds, data.identId);
  const status = readWhole(data.status) ?? data.status;
  if (given.units === undefined || given.units === null) return { ...given, identIds: listed, status };
  const found = toldOfUnits(given.units);
  const identIds = [...new Set([...(listed ?? []), ...found.map(({ id }) => id)])];
  return { ...given, identIds, status: status ?? found[0]?.status };
}

/** Ids and statuses of the units that have a readable id; those of all, as received, when none has. */
function toldOfUnits(given: unknown): Fields[] {
  const all = (Array.isArray(given) ? given : [given]).map((each: unknown) => readObject(each) ?? {});
  const identified = all.filter(({ id }) => readWhole(id) !== undefined);
  if (identified.length === 0) return all.slice(0, MAX_EXPLAINED);
  return identified.map(({ id, status }) => ({ id: readWhole(id), status: readWhole(status) }));
}

export const unitLogin = entry({
  type: 'EVENT_UNIT_LOGIN',
  description: 'A unit has signed in to the CAD.',
  // Who signed in is the event.
  data: shape(
    'UnitLoginData',
    {
      unit: needed(unit, { says: 'All of the unit', client: true }),
      isDispatch: filled(flag, false, {
        says: 'Whether it signed in as a dispatcher; `unit.isDispatch` says the same',
        client: true,
      }),
      selfDispatch: filled(flag, false, { says: 'Whether the unit dispatches itself', client: true }),
    },
    {
      prepare(data) {
        const signedIn = readObject(data.unit);
        const isDispatch = readFlag(data.isDispatch) ?? readFlag(signedIn?.isDispatch) ?? false;
        return { ...data, isDispatch, unit: signedIn === undefined ? data.unit : { ...signedIn, isDispatch } };
      },
    },
  ),
  sample: { unit: sampleUnit, isDispatch: false, selfDispatch: true },
  accepts: [
    '`unit.data.apiId1` and `unit.data.apiId2` (old) end up in `unit.data.apiIds`, which is always a list',
    '`isDispatch` on either level counts for both',
  ],
  concerns: { idents: ({ unit }) => [unit.id], identities: ({ unit }) => identitiesOfUnit(unit) },
});

export const unitLogout = entry({
  type: 'EVENT_UNIT_LOGOUT',
  description: 'A unit has signed out of the CAD.',
  // Only that unit is removed, so its id has to be there.
  data: shape('UnitLogoutData', { identId: needed(whole, { says: 'The unit', client: true }) }),
  sample: { identId: MADE_UP.unit },
  accepts: [],
  concerns: { idents: ({ identId }) => [identId] },
});

export const unitPanic = entry({
  type: 'EVENT_UNIT_PANIC',
  description: 'One or more units have pressed or reset their panic button.',
  // Who. An isPanic that is there but cannot be read is refused: an alarm must not be called off, or raised, by a guess.
  data: shape('UnitPanicData', {
    identIds: needed(neededIds, { says: 'Units whose panic button it is', formerly: 'identId', client: true }),
    isPanic: filled(flag, true, { says: 'true when pressed, false when reset', client: true, isRefused: true }),
  }),
  sample: { ...sampleUnits, isPanic: true },
  accepts: [ONE_IDENT, '`isPanic` missing, as in the first versions of the event, which had no reset: pressed'],
  concerns: { idents: ({ identIds }) => identIds },
});

export const unitGroupAdd = entry({
  type: 'EVENT_UNIT_GROUP_ADD',
  description: 'One or more units have joined a group.',
  // Who, and which group: neither can be guessed.
  data: shape('UnitGroupAddData', {
    identIds: needed(neededIds, { says: 'Units that have joined', formerly: 'identId', client: true }),
    groupName: needed(text, { says: 'Name of the group', client: true }),
  }),
  sample: { ...sampleUnits, groupName: 'Test group' },
  accepts: [
    '`identIds` may be a single number, or come under its old name `identId`; the list wins when both are there',
    '`identIds` or `identId` beside `data` instead of in it',
  ],
  concerns: { idents: ({ identIds }) => identIds },
  gather(data, body) {
    const isThere = (data.identIds ?? data.identId ?? null) !== null;
    return isThere ? data : { ...data, identIds: body.identIds, identId: body.identId };
  },
});

export const unitGroupRemove = entry({
  type: 'EVENT_UNIT_GROUP_REMOVE',
  description: 'A unit has left its group.',
  // A unit is in one group at most, so who leaves is enough to know which.
  data: shape(
    'UnitGroupRemoveData',
    {
      identIds: needed(neededIds, { says: 'Units that have left', client: true }),
      identId: needed(whole, { says: 'The first of `identIds`, under the name that the CAD documents', client: true }),
      groupName: filled(text, '', { says: 'Name of the group they were in', client: true }),
    },
    {
      prepare(data) {
        const identIds = readIdsOrOne(data.identIds, data.identId);
        return { ...data, identIds, identId: identIds?.[0] };
      },
    },
  ),
  sample: { identId: MADE_UP.unit, groupName: 'Test group' },
  accepts: ['`identIds` or `identId`, a list or a single number: the canonical shape has both'],
  concerns: { idents: ({ identIds }) => identIds },
});

export const unitGroupChangeName = entry({
  type: 'EVENT_UNIT_GROUP_CHANGE_NAME',
  description: 'A group of units has a new name.',
  // Who is in it, and what it is called now: the old name is only told.
  data: shape('UnitGroupChangeNameData', {
    identIds: needed(neededIds, { says: 'Units of the group', formerly: 'identId', client: true }),
    oldName: filled(text, '', { says: 'Name until now', client: true }),
    newName: needed(text, { says: 'New name', client: true }),
  }),
  sample: { ...sampleUnits, oldName: 'Test group', newName: 'Other group' },
  accepts: ['`identIds` may be a single number, or come as `identId`'],
  concerns: { idents: ({ identIds }) => identIds },
});
