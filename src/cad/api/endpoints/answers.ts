import * as v from 'valibot';
import { type Field, filled, flag, type Kind, needed, shape, whole } from '../../../events/fields.ts';
import { readIds, readText, readWhole } from '../../../events/read-values.ts';

type Fields = Readonly<Record<string, unknown>>;
type Answer<Output> = v.GenericSchema<unknown, Output>;

/** Whatever the CAD answers: what counts is that it did. */
export const anything: Answer<unknown> = v.unknown();

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

/** An object with whatever fields. */
export const fields: Answer<Fields> = loose({});

/** A call; only its id is needed to go on with it. */
export const call = loose({ callId: neededWhole });
