import * as v from 'valibot';
import {
  asList,
  MAX_EXPLAINED,
  readEach,
  readFlag,
  readIds,
  readNumber,
  readText,
  readTextOrNumber,
  readTexts,
  readWhole,
} from './read-values.ts';

export type Schema<Output> = v.GenericSchema<unknown, Output>;

/** What a field may hold, and which shapes count as it. The messages of its schemas end the sentence "expected …". */
export interface Kind<Output> {
  /** Takes all shapes that count as it, and refuses the others. */
  readonly read: Schema<Output>;
  /** A quicker `read`: gives undefined where that refuses a value, and says why. */
  readonly take?: (given: unknown) => Output | undefined;
  /** What it becomes. Takes nothing else: for the documents, and to say what is wrong with a list of which nothing can be read. */
  readonly becomes: Schema<Output>;
  /** What a player's game may see of it where a field says `client: true`. */
  readonly shown: ClientFields | null;
  /** The names of all fields that are read of it, at any depth; none where it has no fields. */
  readonly fieldNames?: readonly string[];
}

/** The canonical form of a kind. */
export type OutputOf<Of> = Of extends { readonly read: Schema<infer Output> } ? Output : never;

function kind<Output>(
  read: (given: unknown) => unknown,
  becomes: Schema<Output>,
  shown: ClientFields | null,
): Kind<Output> {
  const convert = (given: unknown) => read(given) ?? given;
  return {
    read: v.pipe(v.unknown(), v.transform(convert), becomes),
    take(given) {
      const value = convert(given);
      return v.is(becomes, value) ? (value as Output) : undefined;
    },
    becomes,
    shown,
  };
}

function expectedWhole({ input }: v.BaseIssue<unknown>): string {
  if (typeof input !== 'number' || !Number.isFinite(input)) return 'a number';
  if (!Number.isInteger(input)) return 'a whole number';
  return input > 0 ? 'a number below 2^53' : 'a number above -2^53';
}

const becomesWhole = v.custom<number>(Number.isSafeInteger, expectedWhole);

/** A whole number, or its text. */
export const whole: Kind<number> = kind(readWhole, becomesWhole, 'number');

/** Any number, or its text. */
export const number: Kind<number> = kind(readNumber, v.pipe(v.number('a number'), v.finite('a number')), 'number');

/** Text; a number or a boolean becomes its text. */
export const text: Kind<string> = kind(readText, v.string('text'), 'text');

/** Thrown for a value of which not even the length can be asked; the data that holds it is not read further. */
export const UNREADABLE = Symbol('unreadable');

/** What is wrong with the length of a value, if it has one: what should be text may be anything. */
function expectedLength(given: unknown): string | null {
  const { length } = Object(given ?? 0) as { readonly length?: unknown };
  try {
    if (length === undefined || (length as number) >= 1) return null;
  } catch {
    throw UNREADABLE;
  }
  if (typeof given === 'string') return 'text that is not empty';
  return Array.isArray(given) ? 'a list with something in it' : 'a number above -2^53';
}

/** As text, but not empty. */
export const filledText: Kind<string> = kind(
  readText,
  v.pipe(
    v.string('text'),
    v.rawCheck(({ dataset, addIssue }) => {
      const message = expectedLength(dataset.value);
      if (message !== null) addIssue({ message });
    }),
  ),
  'text',
);

/** A boolean, its text in any case, or 1 and 0. */
export const flag: Kind<boolean> = kind(readFlag, v.boolean('true or false'), 'flag');

const numberOrText = 'a number or text';

/** Text or a number, each staying what it is. */
export const textOrNumber: Kind<string | number> = kind(
  readTextOrNumber,
  v.union([v.pipe(v.number(), v.finite(numberOrText)), v.string()], numberOrText),
  'textOrNumber',
);

/** A whole number where it can be read as one, else text. */
export const wholeOrText: Kind<string | number> = kind(
  readWhole,
  v.union(
    [
      v.pipe(
        v.number(),
        v.safeInteger((issue) => expectedWhole(issue) + (Number.isInteger(issue.input) ? '' : ' or text')),
      ),
      v.string(),
    ],
    numberOrText,
  ),
  'textOrNumber',
);

/** As received. */
export const anything: Kind<unknown> = { read: v.unknown(), take: (given) => given, becomes: v.unknown(), shown: null };

/** A kind that becomes the same, but is read otherwise. */
export function readAs<Output>({ becomes, shown }: Kind<Output>, read: (given: unknown) => unknown): Kind<Output> {
  return kind(read, becomes, shown);
}

/** A kind that takes only what it becomes. */
export function strictly<Output>({ becomes, shown }: Kind<Output>): Kind<Output> {
  return { read: becomes, becomes, shown };
}

/** A list; also one entry without its list. Entries that cannot be read are left out. */
export function listOf<Output>(entry: Kind<Output>): Kind<Output[]> {
  const take = (given: unknown) => readableOf(entry, given);
  return {
    read: v.pipe(v.unknown(), v.transform(take)),
    take,
    becomes: v.array(entry.becomes, 'a list'),
    shown: entry.shown === null ? null : [entry.shown],
    fieldNames: entry.fieldNames ?? [],
  };
}

/**
 * As `listOf`, for a list that something must be in: one unreadable entry costs only itself, but when none can be read, the list
 * cannot.
 *
 * @param mayBeEmpty whether it may have no entries at all
 */
export function neededListOf<Output>(entry: Kind<Output>, mayBeEmpty = true): Kind<Output[]> {
  const { becomes, shown, fieldNames = [] } = listOf(entry);
  const read = v.rawTransform<unknown, Output[]>(({ dataset, addIssue, NEVER }) => {
    if (dataset.value === undefined || dataset.value === null) {
      addIssue({ message: 'a list', input: undefined });
      return NEVER;
    }
    const readable = readableOf(entry, dataset.value);
    if (readable.length > 0) return readable;
    const entries = asList(dataset.value);
    if (entries.length === 0 && !mayBeEmpty) addIssue({ message: 'a list with something in it' });
    for (const { message, input, path } of v.safeParse(becomes, entries.slice(0, MAX_EXPLAINED)).issues ?? [])
      addIssue({ message, input, path });
    return readable;
  });
  return { read: v.pipe(v.unknown(), read), becomes, shown, fieldNames };
}

function readableOf<Output>({ take, read }: Kind<Output>, given: unknown): Output[] {
  return readEach(given, (entry) => {
    const taken = take?.(entry);
    if (taken !== undefined) return taken;
    const result = v.safeParse(read, entry);
    return result.success ? result.output : undefined;
  });
}

/** Whole numbers; unreadable ones are left out. */
export const ids = readAs(listOf(whole), readIds);

/** Whole numbers, of which at least one has to be readable unless the list is empty. */
export const neededIds = neededListOf(whole);

/** Texts with something in them: an empty identity would match every other empty one. */
export const texts = readAs(listOf(text), readTexts);

/** What a value must be to be shown. */
const leaves = {
  text: (value: unknown) => typeof value === 'string',
  number: (value: unknown) => typeof value === 'number',
  flag: (value: unknown) => typeof value === 'boolean',
  textOrNumber: (value: unknown) => typeof value === 'string' || typeof value === 'number',
  /** An address, and only an https one: a game client fetches what it is given. */
  https: (value: unknown) => typeof value === 'string' && isHttps(value),
  /** A name, or such an address. */
  nameOrHttps: (value: unknown) => typeof value === 'string' && (isHttps(value) || !looksLikeAddress(value)),
};

/**
 * An allow-list for the data of one event. A leaf says what the value must be: anything else is left out. An object lists the fields
 * of an object, an array with one element what the entries of a list may show.
 */
export type ClientFields = keyof typeof leaves | readonly [ClientFields] | { readonly [name: string]: ClientFields };

/**
 * Copies from `data` what `allowed` lists, and nothing else.
 *
 * @returns a fresh plain value, or undefined when there is nothing at this place that may be shown
 */
export function pickClientFields(allowed: ClientFields, data: unknown): unknown {
  if (typeof allowed === 'string') return leaves[allowed](data) ? data : undefined;
  if (isList(allowed)) {
    if (!Array.isArray(data)) return undefined;
    return data.map((entry) => pickClientFields(allowed[0], entry)).filter((value) => value !== undefined);
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  const shown: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(allowed)) {
    if (!Object.hasOwn(data, name)) continue;
    const value = pickClientFields(inner, Reflect.get(data, name));
    if (value !== undefined) shown[name] = value;
  }
  return shown;
}

function isList(allowed: Exclude<ClientFields, string>): allowed is readonly [ClientFields] {
  return Array.isArray(allowed);
}

function isHttps(value: string): boolean {
  return URL.canParse(value) && new URL(value).protocol === 'https:';
}

/** Browsers drop control characters from an address, resolve `//host` and read `\` as `/`: a name has none of those. */
function looksLikeAddress(value: string): boolean {
  return /[:\\\x00-\x1f]|\/\//.test(value);
}
