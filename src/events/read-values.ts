/** A JSON object whose fields are not known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** The form that a number has where no one tampered with it: no spaces, plus signs, exponents or leading zeros. */
const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** A whole number, or the same as text. Beyond 2^53 two ids could become one: those stay unread. */
export function readWhole(given: unknown): number | undefined {
  if (typeof given === 'number') return Number.isSafeInteger(given) ? given : undefined;
  if (typeof given !== 'string' || given.length > 17) return undefined;
  const number = Number(given);
  return Number.isSafeInteger(number) && String(number) === given ? number : undefined;
}

/** Any number, or the same as text: "29.40" is one, since coordinates come like that. */
export function readNumber(given: unknown): number | undefined {
  if (typeof given === 'number') return Number.isFinite(given) ? given : undefined;
  if (typeof given !== 'string' || given.length > 32 || !DECIMAL.test(given)) return undefined;
  return Number(given);
}

/** Text; a number or a boolean becomes its text (a postal code often comes as a number). */
export function readText(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  return typeof given === 'number' || typeof given === 'boolean' ? String(given) : undefined;
}

/** A boolean, its text in any case ("True" is how .NET writes one), or 1 and 0. */
export function readFlag(given: unknown): boolean | undefined {
  if (typeof given === 'boolean') return given;
  if (given === 1 || given === 0) return given === 1;
  if (typeof given !== 'string' || given.length > 5) return undefined;
  const text = given.toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** Text or a number, each staying what it is. */
export function readTextOrNumber(given: unknown): string | number | undefined {
  return typeof given === 'string' || (typeof given === 'number' && Number.isFinite(given)) ? given : undefined;
}

/** Text that says something: an empty identity would match every other empty one. */
export const readFilledText = (given: unknown): string | undefined => readText(given) || undefined;

/** An object, also when it is the only entry of a list. */
export function readObject(given: unknown): Fields | undefined {
  const value = Array.isArray(given) && given.length === 1 ? given[0] : given;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

/** A list, or the one entry that should be in it. */
export function asList(given: unknown): readonly unknown[] {
  return Array.isArray(given) ? given : [given];
}

/** The entries of a list, or the one entry without its list, as `read` gives them; those that it gives nothing for are left out. */
export function readEach<Value>(given: unknown, read: (entry: unknown) => Value | undefined): Value[] {
  return asList(given)
    .map((entry) => read(entry))
    .filter((value) => value !== undefined);
}

/** Whole numbers, from a list or a single one. */
export const readIds = (given: unknown): number[] => readEach(given, readWhole);

/** Texts with something in them, from a list or a single one. */
export const readTexts = (given: unknown): string[] => readEach(given, readFilledText);

/** Whether a field says nothing, so that another may stand in for it. */
export function isUnset(given: unknown): boolean {
  return given === undefined || given === null || (Array.isArray(given) && given.length === 0);
}

/** How many unreadable entries of a list are looked at to explain what is wrong with it. */
export const MAX_EXPLAINED = 10;

/**
 * Ids under their present name, a list, or under the old one, a single number. The list wins unless it is empty. When none can be
 * read, the first few stay as received, so that the schema can say why.
 */
export function readIdsOrOne(list: unknown, one: unknown): readonly unknown[] | undefined {
  const given = isUnset(list) ? (one ?? list) : list;
  if (given === undefined || given === null) return undefined;
  const readable = readIds(given);
  return readable.length > 0 ? readable : asList(given).slice(0, MAX_EXPLAINED);
}

/** A copy to change, without some fields and without one that would be taken for the prototype when it is assigned further. */
export function without(given: Fields, ...names: readonly string[]): Record<string, unknown> {
  const copy = { ...given };
  for (const name of ['__proto__', ...names]) Reflect.deleteProperty(copy, name);
  return copy;
}

/**
 * Lua's vector2 to vector4 are extensions of msgpack that the game server's JavaScript does not unpack: there they are objects with
 * the extension's number and its bytes, which are float32s, the lowest byte first.
 */
const VECTOR_OF_2 = 20;
const VECTOR_OF_4 = 22;
const BYTES_EACH = 4;

/**
 * Reads a place as scripts give it: a Lua vector, a list of numbers, or a table with `x` and `y`, perhaps `z`, perhaps `w`.
 *
 * @returns 2 to 4 numbers, each finite; null for anything else
 */
export function readVector(given: unknown): readonly number[] | null {
  if (typeof given !== 'object' || given === null) return null;
  const numbers: readonly unknown[] = Array.isArray(given) ? given : (readLuaVector(given) ?? readTable(given));
  const isVector = numbers.length >= 2 && numbers.length <= 4 && numbers.every((number) => Number.isFinite(number));
  return isVector ? (numbers as readonly number[]) : null;
}

/** @returns null for what is no Lua vector */
function readLuaVector(given: object): number[] | null {
  const { type, buffer } = given as { readonly type?: unknown; readonly buffer?: unknown };
  if (typeof type !== 'number' || type < VECTOR_OF_2 || type > VECTOR_OF_4) return null;
  const count = type - VECTOR_OF_2 + 2;
  const listed = buffer as ArrayLike<unknown> | null | undefined;
  if (typeof listed !== 'object' || listed?.length !== count * BYTES_EACH) return null;
  const bytes = Array.from(listed);
  if (!bytes.every((byte) => typeof byte === 'number')) return null;
  const view = new DataView(Uint8Array.from(bytes).buffer);
  return Array.from({ length: count }, (_, index) => view.getFloat32(index * BYTES_EACH, true));
}

/** Deeper than anything that has vectors. */
const MAX_DEPTH = 20;

/** @returns what a script gave, with tables of `x`, `y`, `z` and `w` in place of Lua's vectors */
export function plainVectors(given: unknown, depth = 0): unknown {
  if (typeof given !== 'object' || given === null || depth > MAX_DEPTH) return given;
  if (Array.isArray(given)) return given.map((item) => plainVectors(item, depth + 1));
  const vector = readLuaVector(given);
  if (vector === null)
    return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, plainVectors(value, depth + 1)]));
  return Object.fromEntries(vector.map((number, index) => ['xyzw'.charAt(index), number]));
}

function readTable(given: object): unknown[] {
  const { x, y, z, w } = given as Readonly<Record<string, unknown>>;
  const parts = [x, y, z, w].map((part) => part ?? undefined);
  return parts.slice(0, parts.findLastIndex((part) => part !== undefined) + 1).map(toNumber);
}

const toNumber = (part: unknown): unknown => (typeof part === 'string' && part.trim() !== '' ? Number(part) : part);
