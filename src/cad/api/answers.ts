import * as v from 'valibot';
import { type Field, filled, needed, type Shape, shape } from '../../events/fields.ts';
import { flag, type Kind, whole } from '../../events/kinds.ts';
import { type Fields, readIds, readText, readWhole } from '../../events/read-values.ts';

/** How an answer of the CAD is read. */
export interface Answer<Output> {
  readonly schema: v.GenericSchema<unknown, Output>;
  /** The names of all fields that are read of it, at any depth. */
  readonly fieldNames: readonly string[];
}

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
export const listOrNone = (entries?: Kind<unknown>): Field<unknown[], true> => {
  const field = orNothing((given): unknown[] => (Array.isArray(given) ? given : []));
  return { ...field, kind: { ...field.kind, fieldNames: entries?.fieldNames ?? [] } };
};

/**
 * A list that must be there: one that is missing would read as "there is nothing". Null is an empty one.
 *
 * @param entries by which the caller reads the entries; here they stay as they are
 */
export const list = (entries?: Kind<unknown>): Answer<unknown[]> => ({
  schema: v.pipe(
    v.unknown(),
    v.transform((given) => (given === null ? [] : given)),
    v.array(v.unknown(), 'a list'),
  ),
  fieldNames: entries?.fieldNames ?? [],
});

/** A field that is such a list. */
export const neededList = (entries?: Kind<unknown>): Field<unknown[], true> => needed(kindOf(list(entries)));

/** The kind of value that an answer is. */
export function kindOf<Output>({ schema, fieldNames }: Answer<Output>): Kind<Output> {
  return { read: schema, becomes: schema, shown: null, fieldNames };
}

const find = (given: unknown): Fields | undefined =>
  typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as Fields) : undefined;

type Declared = Parameters<typeof shape>[1];
type OutputOf<Of extends Declared> = ReturnType<typeof shape<Of>> extends Shape<infer Output> ? Output : never;

/** An object with these fields and no others. */
export function only<const Of extends Declared>(fields: Of): Answer<OutputOf<Of>> {
  return answerOf(shape(null, fields, { find, rest: () => undefined })) as Answer<OutputOf<Of>>;
}

/** An object with these fields; others stay as they are. */
export function loose<const Of extends Declared>(fields: Of): Answer<OutputOf<Of> & Fields> {
  return answerOf(shape(null, fields, { find })) as Answer<OutputOf<Of> & Fields>;
}

const answerOf = <Output>({ read, fieldNames }: Shape<Output>): Answer<Output> => ({ schema: read, fieldNames });

/** What a function makes of an answer. */
export const mapped = <Read, Output>({ schema, fieldNames }: Answer<Read>, map: (read: Read) => Output) =>
  ({ schema: v.pipe(schema, v.transform(map)), fieldNames }) as Answer<Output>;

/** Any answer: what counts is that there is one. */
export const anyAnswer: Answer<unknown> = { schema: v.unknown(), fieldNames: [] };
