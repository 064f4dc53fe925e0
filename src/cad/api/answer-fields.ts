import * as v from 'valibot';
import { type Field, filled, flag, type Kind, needed, shape, whole } from '../../events/fields.ts';
import { readIds, readText, readWhole } from '../../events/read-values.ts';

/** The fields that something reads, in the casing in which it reads them: an answer may have any. */
const KNOWN = [
  'accId accId1 accId2 accountUuid accounts accountId activeCalls address aop apiId apiIds block callId callIds caller',
  'closedCallCount closedCalls code comId community communityUserId communityUuid coordinates createdAt customLoginUrl',
  'data deleteAfterMinutes department description district emergencyCalls expiresAt expiresInSeconds group id identId',
  'identIds identifier identifiers idents isDispatch isEmergency isPanic joined label lastLogin limit linked location',
  'metaData name note notes noteType offset origin page pagination permissions playerCount postal primary priority rank',
  'receivedAtUtc selectedIdent serverId servers status statusId subdivision template templateId time timezone title total',
  'trackPrimary type unitNum units updated username uuid values version',
].flatMap((line) => line.split(' '));
const BY_LOWER = new Map(KNOWN.map((name) => [name.toLowerCase(), name]));

/** Below these, names are given by communities and scripts, or go back to the CAD as they came. */
const KEPT = new Set(['metaData', 'servers', 'values', 'permissions']);

/** No answer is nested deeper; what is stays as it came. */
const MAX_DEPTH = 32;

/**
 * Makes the fields of an answer lower camel case, since the CAD writes `callId`, `CallId` and `CallID`. The value of a field in
 * the right casing wins over the same field in another. What lies below `metaData`, `servers`, `values` and `permissions` is
 * not touched.
 *
 * @param given as parsed from JSON
 */
export function camelFields(given: unknown, depth = 0): unknown {
  if (typeof given !== 'object' || given === null || depth >= MAX_DEPTH) return given;
  if (Array.isArray(given)) return given.map((entry) => camelFields(entry, depth + 1));
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const field = fieldName(name);
    if (name === '__proto__' || (field !== name && Object.hasOwn(given, field))) continue;
    read[field] = KEPT.has(field) ? value : camelFields(value, depth + 1);
  }
  return read;
}

function fieldName(name: string): string {
  // A run of capitals is one word: all of it, but for the capital that begins the next.
  return (
    BY_LOWER.get(name.toLowerCase()) ?? name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+/, (start) => start.toLowerCase())
  );
}

type Fields = Readonly<Record<string, unknown>>;
type Answer<Output> = v.GenericSchema<unknown, Output>;

/** A whole number, or its text, that must be there. */
export const neededWhole = needed(whole);

/** A boolean or its text, that must be there. */
export const neededFlag = needed(flag);

/** A field that is always understood: what cannot be read is the one thing that stands for nothing. */
function orNothing<Output>(read: (given: unknown) => Output): Field<Output, true> {
  const schema = v.pipe(v.unknown(), v.transform(read));
  return filled({ read: schema, becomes: schema, shown: null }, null);
}

/** A whole number; null where there is none. */
export const wholeOrNull = orNothing((given) => readWhole(given) ?? null);

/** Text; empty where there is none. */
export const textOrEmpty = orNothing((given) => readText(given) ?? '');

/** Text; null where there is none. */
export const textOrNull = orNothing((given) => readText(given) ?? null);

/** Whole numbers; unreadable ones are left out. */
export const wholes = orNothing((given): number[] => readIds(given));

/** A list; empty where there is none. */
export const listOrNone = orNothing((given): unknown[] => (Array.isArray(given) ? given : []));

/** A list that must be there: one that is missing would read as "there is nothing". Null is an empty one. */
export const list: Answer<unknown[]> = v.pipe(
  v.unknown(),
  v.transform((given) => (given === null ? [] : given)),
  v.array(v.unknown(), 'a list'),
);

export const neededList = needed(kindOf(list));

/** The kind of value that a schema takes. */
export function kindOf<Output>(schema: Answer<Output>): Kind<Output> {
  return { read: schema, becomes: schema, shown: null };
}

const find = (given: unknown): Fields | undefined =>
  typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as Fields) : undefined;

type Declared = Parameters<typeof shape>[1];
type OutputOf<Of extends Declared> = ReturnType<typeof shape<Of>> extends Kind<infer Output> ? Output : never;

/** An object with these fields and no others. */
export function only<const Of extends Declared>(fields: Of): Answer<OutputOf<Of>> {
  return shape(null, fields, { find, rest: () => undefined }).read as Answer<OutputOf<Of>>;
}

/** An object with these fields; others stay as they are. */
export function loose<const Of extends Declared>(fields: Of): Answer<OutputOf<Of> & Fields> {
  return shape(null, fields, { find }).read as Answer<OutputOf<Of> & Fields>;
}
