import { toUSVString, types } from 'node:util';

/**
 * Text as natives get it from a script: the generated native wrappers turn 0, null, undefined and false into NULL and
 * call `toString()` on the rest; what arrives is a C string, so it ends at the first NUL, and lone surrogates have
 * become U+FFFD on the way to UTF-8.
 */
export function textArgument(value: unknown): string | null {
  if (value === 0 || value === null || value === undefined || value === false) return null;
  const raw = rawBytes(value);
  const text = raw === null ? toUSVString(String(value)) : raw.toString('utf8');
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}

/** @throws Error with FXServer's message when the script gave something that becomes NULL. */
export function requiredText(args: readonly unknown[], index: number): string {
  return textArgument(args[index]) ?? nullArgument(index);
}

/** Bytes of an argument, NULs included: buffers are handed on as they are, everything else as UTF-8. */
export function requiredBytes(args: readonly unknown[], index: number): Buffer {
  const value = args[index];
  return rawBytes(value) ?? (textArgument(value) === null ? nullArgument(index) : Buffer.from(String(value)));
}

const floatBits = new DataView(new ArrayBuffer(4));

/**
 * A 32 bit integer. A number with a fraction arrives as the bits of a float, as on the real server, since the script
 * engine decides by value whether it pushes an integer or a float.
 *
 * @throws Error for text, which FXServer would silently read as a memory address.
 */
export function integerArgument(args: readonly unknown[], index: number): number {
  const value = numeric(args, index);
  if (Number.isInteger(value)) return value | 0;
  floatBits.setFloat32(0, value);
  return floatBits.getInt32(0);
}

/** A 32 bit float. @throws Error for text, as {@link integerArgument}. */
export function floatArgument(args: readonly unknown[], index: number): number {
  return Math.fround(numeric(args, index));
}

/** What BOOL natives give to scripts: `false` or the number 1, never `true`. */
export function boolResult(value: boolean): false | 1 {
  return value ? 1 : false;
}

function numeric(args: readonly unknown[], index: number): number {
  const value = args[index];
  if (typeof value === 'number') return value;
  if (value === null || value === undefined || value === false) return 0;
  if (value === true) return 1;
  throw new Error(`Argument at index ${index} is no number (FXServer would misread it).`);
}

function rawBytes(value: unknown): Buffer | null {
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (types.isArrayBuffer(value)) return Buffer.from(value);
  return null;
}

function nullArgument(index: number): never {
  throw new Error(`Argument at index ${index} was null.`);
}
