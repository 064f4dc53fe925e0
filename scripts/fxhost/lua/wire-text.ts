/**
 * The text that crosses between JavaScript and Lua: JSON in ASCII, with
 *
 * - a string standing for bytes, one character (U+0000 to U+00FF) a byte, so NUL and invalid UTF-8 survive;
 * - a number without `.` and `e` an integer, any other a float; integers beyond 2^53 as `{"$i":"…"}`, floats that JSON
 *   would give back as integers (1.0) or cannot write (NaN) as `{"$d":"…"}`;
 * - a map as an object, or `{"$m":[key,value,…]}` when a key is no string or begins with `$`;
 * - a function as `{"$f":"reference"}`, a vector as `{"$v":[x,y,z]}`.
 */

/** Characters that JSON.stringify leaves alone but that would not be ASCII. */
const NOT_ASCII = /[\x7f-\xff]/g;

/** A JSON string for bytes. */
export function bytesToWire(bytes: Uint8Array): string {
  return latin1ToWire(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'));
}

/** A JSON string for text, which reaches Lua as UTF-8. */
export function textToWire(text: string): string {
  return latin1ToWire(Buffer.from(text, 'utf8').toString('latin1'));
}

function latin1ToWire(text: string): string {
  return JSON.stringify(text).replace(NOT_ASCII, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
}

/** The text that Lua wrote as a JSON string, after JSON.parse. Bytes that are no UTF-8 become U+FFFD. */
export function wireToText(parsed: string): string {
  return Buffer.from(parsed, 'latin1').toString('utf8');
}

/** A float for Lua; a whole number stays a float. */
export function floatToWire(value: number): string {
  if (Number.isInteger(value) || !Number.isFinite(value)) return `{"$d":"${floatName(value)}"}`;
  return String(value);
}

function floatName(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** An integer for Lua, wrapped to 64 bits as Lua's own arithmetic does. */
export function integerToWire(value: number | bigint): string {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(Object.is(value, -0) ? 0 : value);
  return `{"$i":"${BigInt.asIntN(64, BigInt(value))}"}`;
}

/** What stands behind `$i`, `$d`, `$f`, `$v` or `$m`, as JSON.parse gives it. */
export interface WireMarker {
  readonly $i?: string;
  readonly $d?: string;
  readonly $f?: string;
  readonly $v?: readonly WireValue[];
  readonly $m?: readonly WireValue[];
}

/** A parsed value of the wire text. */
export type WireValue =
  | null
  | boolean
  | number
  | string
  | readonly WireValue[]
  | WireMarker
  | { [key: string]: WireValue };

/** The number behind `$d`. */
export function floatFromName(name: string): number {
  if (name === 'nan') return Number.NaN;
  if (name === 'inf') return Number.POSITIVE_INFINITY;
  return name === '-inf' ? Number.NEGATIVE_INFINITY : Number(name);
}

/** The marker of an object, or null when it is a plain map with string keys. */
export function markerOf(value: object): WireMarker | null {
  for (const key in value) return key.startsWith('$') ? (value as WireMarker) : null;
  return null;
}

/** The value as a native takes it: text decoded, numbers as numbers, functions as their reference strings. */
export function wireToPlain(value: WireValue): unknown {
  if (typeof value === 'string') return wireToText(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(wireToPlain);
  const marker = markerOf(value);
  if (!marker)
    return plainObject(Object.entries(value as Record<string, WireValue>).map(([k, v]) => [wireToText(k), v]));
  if (marker.$i !== undefined) return Number(marker.$i);
  if (marker.$d !== undefined) return floatFromName(marker.$d);
  if (marker.$f !== undefined) return marker.$f;
  if (marker.$v !== undefined) return marker.$v.map(wireToPlain);
  const pairs: [string, WireValue][] = [];
  const flat = marker.$m ?? [];
  for (let i = 0; i < flat.length; i += 2) pairs.push([String(wireToPlain(flat[i] ?? null)), flat[i + 1] ?? null]);
  return plainObject(pairs);
}

function plainObject(entries: readonly (readonly [string, WireValue])[]): Record<string, unknown> {
  return Object.fromEntries(entries.map(([key, value]) => [key, wireToPlain(value)]));
}

/**
 * What a native gave, for Lua. `true` becomes 1, as FXServer's natives give `false` or a number.
 * @param asFloat whole numbers are floats too (natives whose name ends in Float).
 */
export function plainToWire(value: unknown, asFloat = false): string {
  switch (typeof value) {
    case 'boolean':
      return value ? '1' : 'false';
    case 'string':
      return textToWire(value);
    case 'bigint':
      return integerToWire(value);
    case 'number':
      return Number.isSafeInteger(value) && !asFloat ? integerToWire(value) : floatToWire(value);
    case 'object':
      return value === null ? 'null' : objectToWire(value, asFloat);
    default:
      return 'null';
  }
}

function objectToWire(value: object, asFloat: boolean): string {
  if (Array.isArray(value)) return `[${value.map((each) => plainToWire(each, asFloat)).join(',')}]`;
  const entries = Object.entries(value).map(([key, each]) => [textToWire(key), nestedToWire(each, asFloat)] as const);
  if (entries.some(([key]) => key.startsWith('"$'))) {
    return `{"$m":[${entries.filter(([, each]) => each !== 'null').flat()}]}`;
  }
  return `{${entries.map(([key, each]) => `${key}:${each}`).join(',')}}`;
}

/** Inside an object a boolean is a boolean: it crossed as msgpack. */
function nestedToWire(value: unknown, asFloat: boolean): string {
  return typeof value === 'boolean' ? String(value) : plainToWire(value, asFloat);
}
