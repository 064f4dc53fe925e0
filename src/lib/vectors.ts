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
export function readLuaVector(given: object): number[] | null {
  const { type, buffer } = given as { readonly type?: unknown; readonly buffer?: unknown };
  if (typeof type !== 'number' || type < VECTOR_OF_2 || type > VECTOR_OF_4) return null;
  const count = type - VECTOR_OF_2 + 2;
  const bytes = buffer as ArrayLike<number> | null | undefined;
  if (typeof bytes !== 'object' || bytes?.length !== count * BYTES_EACH) return null;
  const view = new DataView(Uint8Array.from(bytes).buffer);
  return Array.from({ length: count }, (_, index) => view.getFloat32(index * BYTES_EACH, true));
}

function readTable(given: object): unknown[] {
  const { x, y, z, w } = given as Readonly<Record<string, unknown>>;
  const parts = [x, y, z, w].map((part) => part ?? undefined);
  return parts.slice(0, parts.findLastIndex((part) => part !== undefined) + 1).map(toNumber);
}

const toNumber = (part: unknown): unknown => (typeof part === 'string' && part.trim() !== '' ? Number(part) : part);
