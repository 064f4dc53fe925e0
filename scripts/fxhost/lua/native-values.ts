import {
  floatFromName,
  floatToWire,
  integerToWire,
  markerOf,
  textToWire,
  type WireValue,
  wireToText,
} from './wire-text.ts';

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
