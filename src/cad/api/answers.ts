import * as v from 'valibot';
import { type Field, filled, needed, type Shape, shape } from '../../events/fields.ts';
import { flag, type Kind, whole } from '../../events/kinds.ts';
import { type Fields, readIds, readText, readWhole } from '../../events/read-values.ts';

/** The schema of an endpoint's answer. */
export interface Answer<Output> {
  readonly schema: v.GenericSchema<unknown, Output>;
  /** The names of all fields that the schema reads, at any depth. */
  readonly fieldNames: readonly string[];
}

/** A required whole number, as a number or as text. */
export const neededWhole = needed(whole);

/** A required boolean, as a boolean or as text. */
export const neededFlag = needed(flag);

/** A field that never fails: a missing or unreadable value becomes the reader's empty value. */
function orNothing<Output>(read: (given: unknown) => Output): Field<Output, true> {
  const schema = v.pipe(v.unknown(), v.transform(read));
  return filled({ read: schema, becomes: schema, shown: null }, null);
}

/** A whole number; null when it is missing or unreadable. */
export const wholeOrNull = orNothing((given) => readWhole(given) ?? null);

/** Text; empty when it is missing or unreadable. */
export const textOrEmpty = orNothing((given) => readText(given) ?? '');

/** Text; null when it is missing or unreadable. */
export const textOrNull = orNothing((given) => readText(given) ?? null);

/** A list of whole numbers without the unreadable ones. */
export const wholes = orNothing((given): number[] => readIds(given));

/** A list; empty when it is missing or unreadable. */
export const listOrNone = (entries?: Kind<unknown>): Field<unknown[], true> => {
  const field = orNothing((given): unknown[] => (Array.isArray(given) ? given : []));
  return { ...field, kind: { ...field.kind, fieldNames: entries?.fieldNames ?? [] } };
};

/**
 * A required list, because a missing list must not count as an empty one. Null counts as an empty list.
 *
 * @param entries the kind of entries that the caller reads; the entries are not validated here
 */
export const list = (entries?: Kind<unknown>): Answer<unknown[]> => ({
  schema: v.pipe(
    v.unknown(),
    v.transform((given) => (given === null ? [] : given)),
    v.array(v.unknown(), 'a list'),
  ),
  fieldNames: entries?.fieldNames ?? [],
});

/** A required field with a list, as `list` describes it. */
export const neededList = (entries?: Kind<unknown>): Field<unknown[], true> => needed(kindOf(list(entries)));

/** Turns an answer's schema into a kind of value for a field. */
export function kindOf<Output>({ schema, fieldNames }: Answer<Output>): Kind<Output> {
  return { read: schema, becomes: schema, shown: null, fieldNames };
}

const find = (given: unknown): Fields | undefined =>
  typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as Fields) : undefined;

type Declared = Parameters<typeof shape>[1];
type OutputOf<Of extends Declared> = ReturnType<typeof shape<Of>> extends Shape<infer Output> ? Output : never;

/** An object with the given fields. Other fields are removed. */
export function only<const Of extends Declared>(fields: Of): Answer<OutputOf<Of>> {
  return answerOf(shape(null, fields, { find, rest: () => undefined })) as Answer<OutputOf<Of>>;
}

/** An object with the given fields. Other fields are kept. */
export function loose<const Of extends Declared>(fields: Of): Answer<OutputOf<Of> & Fields> {
  return answerOf(shape(null, fields, { find })) as Answer<OutputOf<Of> & Fields>;
}

const answerOf = <Output>({ read, fieldNames }: Shape<Output>): Answer<Output> => ({ schema: read, fieldNames });

/** An answer that a function transforms after it is read. */
export const mapped = <Read, Output>({ schema, fieldNames }: Answer<Read>, map: (read: Read) => Output) =>
  ({ schema: v.pipe(schema, v.transform(map)), fieldNames }) as Answer<Output>;

/** An answer of any shape, for endpoints whose content is not read. */
export const anyAnswer: Answer<unknown> = { schema: v.unknown(), fieldNames: [] };
