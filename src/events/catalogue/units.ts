import { filled, needed, optional, shape, withoutDefaults } from '../fields.ts';
import { flag, number, type OutputOf, text, texts, whole } from '../kinds.ts';
import { readTexts } from '../read-values.ts';

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
