import * as v from 'valibot';
import { findAccount, ownerEntries } from '../world/accounts.ts';
import { type CustomRecord, fieldValue, fillIn, isLike, isTaken, recordSchema, shown } from '../world/records.ts';
import { integer } from '../world/unit.ts';
import type { World } from '../world/world.ts';
import { findOne, problem } from './reply.ts';
import { type Route, route } from './route.ts';

const MAX_RECORDS = 10_000;
const MAX_FOUND = 100;

const values = v.optional(v.record(v.string(), v.unknown()), () => ({}));
const contentEntries = {
  ...ownerEntries,
  useDictionary: v.optional(v.boolean()),
  recordTypeId: v.optional(integer),
  templateId: v.optional(integer),
  replaceValues: values,
  record: v.optional(recordSchema),
};
const contentSchema = v.looseObject(contentEntries);
type Content = v.InferOutput<typeof contentSchema>;

const typesSchema = v.optional(v.array(integer));
const pageEntries = { limit: v.optional(integer, MAX_FOUND), offset: v.optional(integer, 0) };
const text = v.optional(v.string(), '');
const lookupSchema = v.pipe(
  v.looseObject({
    first: text,
    last: text,
    mi: text,
    plate: text,
    types: typesSchema,
    partial: v.optional(v.boolean(), false),
    ...pageEntries,
  }),
  v.check(
    ({ first, last, mi, plate }) => [first, last, mi, plate].some((wanted) => wanted.trim() !== ''),
    'At least one name or plate value must be provided.',
  ),
);
/** Record types by their number in version 1 of the API. */
const SEARCH_TYPES = ['IDENTIFIER', 'SUPERVISOR_STATUS', 'ACTIVE_STATUS', 'NUMBER', 'SECRET', 'ACCOUNT'];
const valueSchema = v.looseObject({
  searchType: v.pipe(
    v.union([integer, v.string()]),
    v.transform((given) => (typeof given === 'number' ? SEARCH_TYPES[given] : given)),
    v.string('an unknown kind of value'),
  ),
  value: v.union([v.string(), v.number()]),
  types: typesSchema,
  ...pageEntries,
});
const customSchema = v.looseObject({
  map: v.string(),
  value: v.string(),
  types: typesSchema,
  partial: v.optional(v.boolean(), false),
  ...pageEntries,
});
const postalsSchema = v.object({
  postals: v.array(v.looseObject({ code: v.union([v.string(), v.number()]), x: v.number(), y: v.number() })),
});
const codesSchema = v.object({ codes: v.array(v.looseObject({ title: v.string() })) });

/** The endpoints about records and their forms, lookups, postals and penal codes. */
export const recordRoutes: readonly Route[] = [
  route('GET', '/v2/general/templates', { limit: 10, list: true }, ({ world }) => world.templates.map(shown)),
  route('GET', '/v2/general/templates/:recordTypeId', { limit: 10 }, ({ world, params }) => {
    const wanted = Number(params.recordTypeId);
    return shown(findOne('Template', world.templates, ({ recordTypeId }) => recordTypeId === wanted));
  }),
  route('POST', '/v2/general/records', { limit: 30, body: contentSchema }, ({ world, body }) => {
    const { uuid: owner } = findAccount(world, body);
    if (world.records.length >= MAX_RECORDS) throw problem(400, 'There are too many records.');
    return keep(world, { ...contentOf(world, body), id: world.nextId(), owner });
  }),
  route('PATCH', '/v2/general/records/:recordId', { limit: 10, body: contentSchema }, ({ world, params, body }) => {
    const before = recordOf(world, params);
    const content = body.record === undefined ? fillIn(before, body.replaceValues) : contentOf(world, body);
    return keep(world, { ...content, id: before.id, owner: before.owner });
  }),
  route('DELETE', '/v2/general/records/:recordId', { limit: 10 }, ({ world, params }) => {
    const gone = recordOf(world, params);
    world.records = world.records.filter((record) => record !== gone);
    return { recordId: gone.id };
  }),
  route('POST', '/v2/general/record-drafts', { limit: 10, body: contentSchema }, ({ world, body }) =>
    shown(contentOf(world, body)),
  ),
  route('POST', '/v2/general/lookups', { limit: 30, body: lookupSchema, list: true }, ({ world, body }) => {
    const wanted = (['first', 'last', 'mi', 'plate'] as const).filter((uid) => body[uid].trim() !== '');
    return lookUp(world, body, (record) =>
      wanted.every((uid) => isLike(fieldValue(record, uid), body[uid], body.partial)),
    );
  }),
  route('POST', '/v2/general/lookups/by-value', { limit: 30, body: valueSchema, list: true }, ({ world, body }) => {
    const value = String(body.value);
    const account = world.secrets.get(value);
    const by: Readonly<Record<string, (record: CustomRecord) => boolean>> = {
      ACTIVE_STATUS: (record) => fieldValue(record, 'status') === value,
      SUPERVISOR_STATUS: (record) => fieldValue(record, 'supervisor_status') === value,
      IDENTIFIER: (record) => fieldValue(record, 'identifier') === value,
      NUMBER: ({ id }) => String(id) === value,
      SECRET: ({ owner }) => account !== undefined && owner === account,
      ACCOUNT: ({ owner }) => owner === value,
    };
    // The documentation's samples also name a field.
    const { searchType } = body;
    return lookUp(world, body, by[searchType] ?? ((record) => isLike(fieldValue(record, searchType), value, false)));
  }),
  route('POST', '/v2/general/lookups/custom', { limit: 30, body: customSchema, list: true }, ({ world, body }) =>
    lookUp(world, body, (record) => isLike(fieldValue(record, body.map), body.value, body.partial)),
  ),
  route('PUT', '/v2/general/postals', { limit: 10, body: postalsSchema }, ({ world, body: { postals } }) => {
    world.postals = postals;
    return { updated: postals.length };
  }),
  route('GET', '/v2/general/penal-codes', { limit: 4, list: true }, ({ world }) => world.penalCodes),
  route('PUT', '/v2/general/penal-codes', { limit: 4, body: codesSchema }, ({ world, body: { codes } }) => {
    world.penalCodes = codes;
    return { updated: codes.length };
  }),
];

const recordOf = ({ records }: World, { recordId }: Readonly<Record<string, string>>) =>
  findOne('Record', records, ({ id }) => id === Number(recordId));

/** Reads the record of a request. @throws a 400 when it has none */
function contentOf(world: World, { record, replaceValues, recordTypeId, templateId }: Content): CustomRecord {
  if (record !== undefined) return { ...record, id: 0, recordTypeId: record.type };
  const wanted = recordTypeId ?? templateId;
  const template = world.templates.find((each) => each.recordTypeId === wanted);
  if (template === undefined)
    throw problem(400, 'Either record, or recordTypeId of a template and replaceValues, is required.');
  return fillIn(template, replaceValues);
}

function keep(world: World, record: CustomRecord): object {
  if (isTaken(world.records, record))
    throw problem(409, 'Another record has this value already, which must be unique.');
  world.records = [...world.records.filter(({ id }) => id !== record.id), record];
  return shown(record);
}

function lookUp(
  { records }: World,
  { types, limit, offset }: Pick<v.InferOutput<typeof lookupSchema>, 'types' | 'limit' | 'offset'>,
  isWanted: (record: CustomRecord) => boolean,
): object {
  const all = records.filter((record) => (types === undefined || types.includes(record.type)) && isWanted(record));
  return all.slice(offset, offset + Math.min(limit, MAX_FOUND)).map(shown);
}
