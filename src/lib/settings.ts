import * as v from 'valibot';

type Fields = Readonly<Record<string, unknown>>;

function isFields(given: unknown): given is Fields {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

/** An object with these members and no others; valibot's own takes a list for one. */
export function membersOf<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(v.custom<Fields>(isFields), v.strictObject(entries));
}

/** An object of any names. valibot's own passes over members named `constructor` and `prototype`. */
export function recordOf<Value>(name: v.GenericSchema<string, string>, value: v.GenericSchema<unknown, Value>) {
  return v.pipe(
    v.custom<Fields>(isFields),
    v.rawTransform(({ dataset, addIssue }): Record<string, Value> => {
      const output: Record<string, Value> = {};
      for (const [key, given] of Object.entries(dataset.value)) {
        // It would be taken for the prototype.
        if (key === '__proto__') continue;
        const step = { type: 'object', input: dataset.value as Record<string, unknown>, key, value: given } as const;
        const known = v.safeParse(name, key);
        if (!known.success) {
          addIssue({ path: [{ ...step, origin: 'key' }] });
          continue;
        }
        const read = v.safeParse(value, given);
        if (read.success) output[known.output] = read.output;
        for (const { path = [] } of read.issues ?? []) addIssue({ path: [{ ...step, origin: 'value' }, ...path] });
      }
      return output;
    }),
  );
}

/** A list of so many: of one that is too long or too short, no more is said. */
export function listOfLength<Value>(item: v.GenericSchema<unknown, Value>, least: number, most: number) {
  return v.pipe(v.array(v.unknown()), v.minLength(least), v.maxLength(most), v.array(item));
}

/** Text without the space around it. */
export const trimmed = v.pipe(v.string(), v.trim());

/** As that, in lower case. */
export const word = v.pipe(v.string(), v.trim(), v.toLowerCase());

/** A whole number within bounds. */
export function wholeFrom(least: number, most: number) {
  return v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));
}

interface Walked {
  readonly pipe?: readonly (v.GenericSchema | v.GenericPipeAction)[];
  readonly wrapped?: v.GenericSchema;
  readonly item?: v.GenericSchema;
  readonly entries?: Readonly<Record<string, v.GenericSchema>>;
}

/**
 * The names that an object may have at a place inside a value.
 *
 * @param path as valibot gives it, the keys only
 * @returns none where the schema takes no object there, or one of any names
 */
export function knownMembers(schema: v.GenericSchema, path: readonly PropertyKey[]): readonly string[] {
  const { pipe, wrapped, item, entries } = schema as Walked;
  if (pipe !== undefined) {
    return pipe.flatMap((part) => (part.kind === 'schema' ? knownMembers(part, path) : []));
  }
  if (wrapped !== undefined) return knownMembers(wrapped, path);
  const [name, ...rest] = path;
  if (item !== undefined) return name === undefined ? [] : knownMembers(item, rest);
  if (entries === undefined) return [];
  if (name === undefined) return Object.keys(entries);
  const member = Object.hasOwn(entries, name) ? entries[String(name)] : undefined;
  return member === undefined ? [] : knownMembers(member, rest);
}

/**
 * How a value is written: decides what a convar's text is turned into before the schema sees it, and which liberties
 * the file has. `json` is for lists and objects: one line of bare JSON in a convar.
 */
export type ConfigForm = 'text' | 'boolean' | 'number' | 'json';

/** All there is to know about one key of config.json. */
export interface ConfigKey<S extends v.GenericSchema = v.GenericSchema> {
  form: ConfigForm;
  schema: S;
  /** Holds when the key is unset or its value is refused. */
  default: v.InferOutput<S>;
  /** One sentence for the table in docs/configuration.md. */
  description: string;
  /** Ends the sentence "expected …" in the line about a bad value. */
  expected: string;
  /** The same for a fault inside the value, at a path of names and indices. */
  expectedAt?: (path: readonly PropertyKey[]) => string | undefined;
  /** The names that the members of the value may have, where its schema does not list them. */
  members?: () => readonly string[];
  /**
   * Holds when the value is refused, and while the file cannot be read: where the default would do what the operator may
   * have switched off.
   */
  whenRefused?: v.InferOutput<S>;
  /** What a bad value leads to; without it the line names the default. */
  otherwise?: string;
  /** The same for one bad item of a list whose good ones are used all the same. */
  otherwiseItem?: string;
  /** The version that brought the key, where that is not 5.0.0. */
  since?: string;
  /** Its value is never shown; or a function that gives what must not be shown of it, whatever it holds. */
  secret?: true | ((value: unknown) => unknown[]);
}

/** For the inference of the schema's output in the other members. */
export const key = <const S extends v.GenericSchema>(entry: ConfigKey<S>): ConfigKey<S> => entry;

/** The values of a set of keys, valid throughout. */
export type SettingsOf<Keys extends Readonly<Record<string, ConfigKey>>> = {
  readonly [Name in keyof Keys]: v.InferOutput<Keys[Name]['schema']>;
};

/** Every text and number below a value, names of members included. Walks by a list: files can nest too deep to recurse. */
export function textsIn(value: unknown): string[] {
  const found: string[] = [];
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string') found.push(next.trim());
    else if (typeof next === 'number') found.push(String(next));
    else if (Array.isArray(next)) for (const element of next) open.push(element);
    else if (typeof next === 'object' && next !== null) for (const pair of Object.entries(next)) open.push(pair);
  }
  return found;
}
