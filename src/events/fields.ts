import * as v from 'valibot';
import type { ClientFields, Kind, Schema } from './kinds.ts';
import { type Fields, isUnset, readObject } from './read-values.ts';

/** What is told about a field besides its kind. */
interface About {
  /** For the documents: the sentence beside it. */
  readonly says?: string;
  /** Whether a player's game may see it, or what a value must be to be seen. */
  readonly client?: true | Extract<ClientFields, string>;
  /** The name that it once had, looked at where nothing is under its present one. */
  readonly formerly?: string;
  /** Its data is refused when it is there and cannot be read: what holds when it is missing would be a guess. */
  readonly isRefused?: true;
}

/** One field of an object. */
export interface Field<Output, Always extends boolean> extends About {
  readonly kind: Kind<Output>;
  /** Whether what comes out always has it. */
  readonly isAlways: Always;
  /** Whether nothing stands in for it when it is missing or cannot be read. */
  readonly isNeeded: boolean;
  /** What stands in for it, as the CAD could have sent it; undefined for nothing. */
  readonly standIn?: unknown;
}

/** A field without which nothing can be done. */
export function needed<Output>(kind: Kind<Output>, about: About = {}): Field<Output, true> {
  return { ...about, kind, isAlways: true, isNeeded: true };
}

/** A field that has a default. */
export function filled<Output>(kind: Kind<Output>, standIn: unknown, about: About = {}): Field<Output, true> {
  return { ...about, kind, isAlways: true, isNeeded: false, standIn };
}

/** A field that may be absent. */
export function optional<Output>(kind: Kind<Output>, about: About = {}): Field<Output, false> {
  return { ...about, kind, isAlways: false, isNeeded: false };
}

type Declared = Readonly<Record<string, Field<unknown, boolean>>>;

type ValueOf<Of> = Of extends Field<infer Output, boolean> ? Output : never;

/** @returns the fields without their defaults, absent when they are missing: for an object that says only what has changed */
export function withoutDefaults<Of extends Declared>(
  fields: Of,
): { [Name in keyof Of]: Field<ValueOf<Of[Name]>, false> } {
  const entries = Object.entries(fields).map(([name, { kind, standIn: _standIn, ...about }]) => [
    name,
    optional(kind, about),
  ]);
  return Object.fromEntries(entries);
}

type Flat<Of> = { [Name in keyof Of]: Of[Name] };
type AlwaysIn<Of> = { [Name in keyof Of]: Of[Name] extends Field<unknown, true> ? Name : never }[keyof Of];

/** What an object of declared fields becomes. Unknown fields are there at run time, but a misspelt name is a type error. */
type ShapeOutput<Of extends Declared> = Flat<
  { -readonly [Name in AlwaysIn<Of>]: ValueOf<Of[Name]> } & {
    -readonly [Name in Exclude<keyof Of, AlwaysIn<Of>>]?: ValueOf<Of[Name]> | undefined;
  }
>;

/** An object of declared fields. */
export interface Shape<Output> extends Kind<Output> {
  readonly shown: { readonly [name: string]: ClientFields };
  readonly fieldNames: readonly string[];
}

interface ShapeOptions<Output> {
  readonly description?: string;
  /** Finds the object in what is given, undefined where there is none; unless given, one that may be the only entry of a list. */
  readonly find?: (given: unknown) => Fields | undefined;
  /** Puts what lies elsewhere where it belongs, before the fields are read. */
  readonly prepare?: (given: Fields) => Fields;
  /** Corrects what follows from several fields. */
  readonly finish?: (output: Output, given: Fields) => void;
  /** Reads fields that are not declared; undefined leaves one out. Unless given, they stay as they are. */
  readonly rest?: (given: unknown) => unknown;
}

/**
 * An object of declared fields: each is read by its kind, others stay. valibot's own loose objects would leave out members named
 * `constructor` and `prototype`.
 *
 * @param name in types.d.ts and docs/events.md; null for one that is written out in its place
 */
export function shape<const Of extends Declared>(
  name: string | null,
  fields: Of,
  options: ShapeOptions<ShapeOutput<Of>> = {},
): Shape<ShapeOutput<Of>> {
  const read = v.rawTransform(fieldsReader(fields, options));
  const shown = Object.entries(fields).flatMap(([field, { kind, client }]): [string, ClientFields][] => {
    const allowed = client === true ? kind.shown : client;
    return allowed === undefined || allowed === null ? [] : [[field, allowed]];
  });
  const becomes = canonicalObject(name, fields, options.description) as Schema<ShapeOutput<Of>>;
  const fieldNames = Object.entries(fields).flatMap(([field, { kind }]) => [field, ...(kind.fieldNames ?? [])]);
  return { read: v.pipe(v.unknown(), read), becomes, shown: Object.fromEntries(shown), fieldNames };
}

const isObject = (given: unknown): boolean => typeof given === 'object' && given !== null && !Array.isArray(given);

function canonicalObject(name: string | null, fields: Declared, description: string | undefined): Schema<unknown> {
  const entries = Object.entries(fields).map(([field, { kind, isNeeded, standIn, says }]) => {
    const member = isNeeded ? kind.becomes : v.optional(kind.becomes, standIn as undefined);
    return [field, says === undefined ? member : v.pipe(member, v.description(says))] as const;
  });
  const members: Readonly<Record<string, v.GenericSchema>> = Object.fromEntries(entries);
  const missing = ({ path }: v.BaseIssue<unknown>): string => {
    const member = members[String(path?.at(-1)?.key)];
    return (member && v.safeParse(member, undefined).issues?.[0].message) ?? 'an object';
  };
  const object = v.pipe(v.custom(isObject, 'an object'), v.looseObject(members, missing));
  const named = name === null ? object : v.pipe(object, v.title(name));
  return description === undefined ? named : v.pipe(named, v.description(description));
}

/** Prepares a field for reading. */
function stepOf([name, { kind, formerly, isRefused, isNeeded, standIn }]: [string, Field<unknown, boolean>]) {
  const make = () => (standIn === undefined ? undefined : v.parse(kind.read, standIn));
  let made: unknown;
  return {
    name,
    kind,
    formerly,
    /** Whether the object is refused when the field is there and cannot be read. */
    isRefused: isNeeded || isRefused === true,
    isNeeded,
    // Lists and objects are made anew, since each event has its own; all others once, when one is first missing.
    standIn: typeof standIn === 'object' ? make : () => (made ??= make()),
  };
}

function fieldsReader(
  fields: Declared,
  { find = readObject, prepare, finish, rest }: ShapeOptions<never>,
): (context: v.RawTransformContext<unknown>) => never {
  const steps = Object.entries(fields).map(stepOf);
  // A member named `__proto__` would be taken for the prototype when it is assigned further.
  const known = new Set(['__proto__', ...steps.flatMap(({ name, formerly }) => [name, formerly ?? name])]);
  return ({ dataset, addIssue, NEVER }) => {
    const found = find(dataset.value);
    if (found === undefined) {
      addIssue({ message: 'an object' });
      return NEVER;
    }
    const given = prepare === undefined ? found : prepare(found);
    const output: Record<string, unknown> = {};
    for (const { name, kind, formerly, isRefused, isNeeded, standIn } of steps) {
      let received = given[name];
      if (formerly !== undefined && isUnset(received)) received = given[formerly] ?? received;
      const isMissing = !isNeeded && (received === undefined || (received === null && isRefused));
      const taken = isMissing ? undefined : kind.take?.(received);
      if (taken !== undefined) {
        output[name] = taken;
        continue;
      }
      const result = isMissing ? null : v.safeParse(kind.read, received);
      if (result !== null && !result.success && isRefused) {
        const step = { type: 'unknown', origin: 'value', input: given, key: name, value: received } as const;
        for (const { message, input, path = [] } of result.issues) addIssue({ message, input, path: [step, ...path] });
        continue;
      }
      const value = result?.success ? result.output : standIn();
      if (value !== undefined) output[name] = value;
    }
    if (dataset.issues) return NEVER;
    for (const name of Object.keys(given)) {
      if (known.has(name)) continue;
      const value = rest === undefined ? given[name] : rest(given[name]);
      if (value !== undefined) output[name] = value;
    }
    finish?.(output as never, given);
    return output as never;
  };
}
