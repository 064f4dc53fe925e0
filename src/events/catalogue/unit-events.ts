import { filled, needed, optional, shape } from '../fields.ts';
import { flag, listOf, neededIds, neededListOf, strictly, text, whole } from '../kinds.ts';
import { type Fields, MAX_EXPLAINED, readFlag, readIdsOrOne, readObject, readWhole, without } from '../read-values.ts';
import {
  enumerated,
  fullName,
  joined,
  type NameLookup,
  statusName,
  unitDetail,
  unitFullName,
  unitName,
  unitNames,
  unitsDetail,
} from './description.ts';
import { entry, MADE_UP } from './entry.ts';
import { legacyEvent } from './legacy-events.ts';
import { identitiesOfUnit, type UnitChange, unit, unitChange } from './units.ts';

/** Who a unit is: by what the event says of it, else by what is known. */
const namedBy = (unit: UnitChange, names: NameLookup) => (fullName(unit) === '' ? names.unit?.(unit.id) : unit);

/** @returns what an update says of a unit, such as "On scene · PANIC · Mission Row"; empty when it is about something else */
function unitState({ status, isPanic, location }: UnitChange, names: NameLookup): string {
  const label = status === undefined ? undefined : statusName(status, names);
  return joined(' · ', [label, isPanic ? 'PANIC' : undefined, location]);
}

const unitLines = (units: readonly UnitChange[], names: NameLookup): string =>
  units
    .map((unit) => {
      const name = unitFullName(unit.id, names, namedBy(unit, names));
      return joined(' · ', [`${name} (${unit.id})`, unitState(unit, names)]);
    })
    .join('\n');

function changeSentence(units: readonly UnitChange[], names: NameLookup): string {
  const nameOf = (unit: UnitChange) => unitName(unit.id, names, namedBy(unit, names));
  const [unit] = units;
  if (unit === undefined || units.length > 1) return `Units changed: ${enumerated(units.map(nameOf))}`;
  const state = unitState(unit, names);
  return state === '' ? `${nameOf(unit)} changed` : `${nameOf(unit)} → ${state}`;
}

/** One unit or several have one status; whole units may each have their own. */
function statusSentence(
  identIds: readonly number[],
  status: number,
  units: readonly UnitChange[],
  names: NameLookup,
): string {
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const byStatus = new Map<string, string[]>();
  for (const ident of identIds) {
    const unit = byId.get(ident) ?? { id: ident, data: { apiIds: [] } };
    const label = statusName(unit.status ?? status, names);
    byStatus.set(label, [...(byStatus.get(label) ?? []), unitName(ident, names, namedBy(unit, names))]);
  }
  return [...byStatus].map(([label, of]) => `${enumerated(of)} → ${label}`).join(', ');
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
  isIdempotent: true,
  netEvent: 'involved',

  legacyEvents: {
    after: (_data, { units }) =>
      units.flatMap(({ unit, hasNewStatus }) => {
        const update = legacyEvent('UnitUpdate', unit, unit.status);
        return hasNewStatus ? [update, legacyEvent('UnitStatusUpdate', unit, unit.status)] : [update];
      }),
  },
  describe: ({ units }, names) => ({
    kind: units.some(({ isPanic }) => isPanic) ? 'alarm' : 'unit',
    sentence: changeSentence(units, names),
    text: unitLines(units, names),
    details: [],
  }),
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
  isIdempotent: true,
  netEvent: 'involved',

  legacyEvents: {
    after: (_data, { units }) =>
      units.flatMap(({ unit }) => [
        legacyEvent('UnitUpdate', unit, unit.status),
        legacyEvent('UnitStatusUpdate', unit, unit.status),
      ]),
  },
  describe: ({ identIds, status, units = [] }, names) => ({
    kind: 'unit',
    sentence: statusSentence(identIds, status, units, names),
    text: unitLines(units, names),
    details: [unitsDetail(identIds, names)],
  }),
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
  isIdempotent: true,
  netEvent: 'involved',

  legacyEvents: { after: ({ unit }) => [legacyEvent('UnitLogin', unit)] },
  describe: ({ unit, isDispatch, selfDispatch }, names) => ({
    kind: 'unit',
    sentence: `${unitFullName(unit.id, names, unit)} signed in${isDispatch ? ' as a dispatcher' : ''}`,
    details: [
      ['Unit', unit.id],
      ['Status', statusName(unit.status, names)],
      ['Rank', unit.data.rank],
      ['Department', joined(' · ', [unit.data.department, unit.data.subdivision])],
      ['District', unit.data.district],
      ['Group', unit.data.group],
      ['Location', unit.location],
      ['Area of play', unit.aop],
      ['Dispatch', selfDispatch ? 'dispatches itself' : undefined],
      ['Panic', unit.isPanic ? 'pressed' : undefined],
    ],
  }),
});

export const unitLogout = entry({
  type: 'EVENT_UNIT_LOGOUT',
  description: 'A unit has signed out of the CAD.',
  // Only that unit is removed, so its id has to be there.
  data: shape('UnitLogoutData', { identId: needed(whole, { says: 'The unit', client: true }) }),
  sample: { identId: MADE_UP.unit },
  accepts: [],
  concerns: { idents: ({ identId }) => [identId] },
  isIdempotent: true,
  netEvent: 'involved',

  legacyEvents: { before: ({ identId }) => [legacyEvent('UnitLogout', identId)] },
  describe: ({ identId }, names) => ({
    kind: 'over',
    sentence: `${unitFullName(identId, names)} signed out`,
    details: [unitDetail('Unit', identId, names)],
  }),
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
  isIdempotent: true,
  netEvent: 'involved',

  legacyEvents: {
    after: ({ isPanic }, { units }) => units.map(({ unit }) => legacyEvent('UnitPanic', unit, unit.id, isPanic)),
  },
  describe: ({ identIds, isPanic }, names) => ({
    kind: isPanic ? 'alarm' : 'over',
    sentence: `Panic button ${isPanic ? 'pressed' : 'reset'}: ${unitNames(identIds, names)}`,
    details: [unitsDetail(identIds, names)],
  }),
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
  isIdempotent: true,
  netEvent: 'involved',

  legacyEvents: {
    after: ({ groupName, identIds }) => [legacyEvent('UnitGroupAdd', { groupName, idents: identIds })],
  },
  describe: ({ identIds, groupName }, names) => ({
    kind: 'unit',
    sentence: joined(' ', [unitNames(identIds, names), 'joined the group', groupName]),
    details: [['Group', groupName], unitsDetail(identIds, names)],
  }),
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
  isIdempotent: true,
  netEvent: 'involved',

  legacyEvents: { after: (data) => [legacyEvent('UnitGroupRemove', data)] },
  describe: ({ identIds, groupName }, names) => ({
    kind: 'unit',
    sentence: joined(' ', [unitNames(identIds, names), 'left the group', groupName]),
    details: [['Group', groupName], unitsDetail(identIds, names)],
  }),
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
  isIdempotent: true,
  netEvent: 'involved',

  legacyEvents: { after: (data) => [legacyEvent('UnitGroupRename', data)] },
  describe: ({ oldName, newName, identIds }, names) => ({
    kind: 'unit',
    sentence: `Unit group renamed: ${joined(' → ', [oldName, newName])}`,
    details: [['Old name', oldName], ['New name', newName], unitsDetail(identIds, names)],
  }),
});
