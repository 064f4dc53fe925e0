/** More than any event has; whatever goes deeper goes round in circles. */
const MAX_LEVELS = 1_000;

const LARGEST_INT = 0x7fffffff;
const SMALLEST_INT = -0x80000000;
/** Up to this many characters a loop is faster than a call into the engine. */
const SHORT_TEXT = 32;

const SMALLEST_BUFFER = 16_384;

/** What has no form of its own here: functions, bytes, dates and the like, which the game server's packer knows how to treat. */
const NOT_PLAIN = Symbol('not plain');

/** Kept between calls, and as large as the largest event so far. */
let buffer = Buffer.alloc(0);
let end = 0;

/** What was said to stay as it is, and where its bytes are among the stored ones once it was packed. */
let steady: readonly object[] = [];
let spans: ({ readonly from: number; readonly to: number } | undefined)[] = [];
let stored = Buffer.alloc(0);
let storedEnd = 0;

/**
 * Says which objects stay as they are until this is called again: each of them is packed once, wherever it occurs in what is packed
 * meanwhile.
 *
 * @param objects few, since each object that is packed is looked for among them
 */
export function packOnce(objects: readonly object[]): void {
  steady = objects;
  spans = [];
  storedEnd = 0;
}

/**
 * Packs the arguments of an event as msgpack, as the game server's own `emit` does with plain values, losses included: whole
 * numbers outside of 32 bits become floats, and `undefined` becomes nil. Its packer (msgpack-lite) takes some five times as long.
 *
 * @returns bytes that are good until the next call, or null when something in them is no plain value (text, number, boolean,
 *   null, array or object literal): leave it to `emit` then
 * @throws when the values are nested more than 1,000 deep, or contain themselves
 */
export function packArguments(args: readonly unknown[]): Uint8Array | null {
  end = 0;
  try {
    writeArray(args, 0);
  } catch (error) {
    if (error === NOT_PLAIN) return null;
    throw error;
  }
  return new Uint8Array(buffer.buffer, 0, end);
}

function writeValue(value: unknown, level: number): void {
  if (typeof value === 'string') writeText(value);
  else if (typeof value === 'number') writeNumber(value);
  else if (typeof value === 'boolean') writeByte(value ? 0xc3 : 0xc2);
  else if (value === null || value === undefined) writeByte(0xc0);
  else if (typeof value !== 'object') throw NOT_PLAIN;
  else if (level >= MAX_LEVELS) throw new Error(`an event's values are nested more than ${MAX_LEVELS} deep`);
  else {
    const index = steady.indexOf(value);
    if (index < 0) writeNested(value, level);
    else writeSteady(index, value, level);
  }
}

function writeNested(value: object, level: number): void {
  if (Array.isArray(value)) writeArray(value, level);
  else writeObject(value, level);
}

function writeSteady(index: number, value: object, level: number): void {
  const span = spans[index];
  if (span !== undefined) {
    const { from, to } = span;
    reserve(to - from);
    stored.copy(buffer, end, from, to);
    end += to - from;
    return;
  }
  const start = end;
  writeNested(value, level);
  const from = storedEnd;
  storedEnd += end - start;
  if (storedEnd > stored.length) stored = enlarged(stored, from, storedEnd);
  buffer.copy(stored, from, start, end);
  spans[index] = { from, to: storedEnd };
}

function writeArray(values: readonly unknown[], level: number): void {
  writeLength(values.length, 0x90, 0xdc);
  for (const value of values) writeValue(value, level + 1);
}

function writeObject(value: object, level: number): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw NOT_PLAIN;
  const names = Object.keys(value);
  writeLength(names.length, 0x80, 0xde);
  for (const name of names) {
    writeText(name);
    writeValue((value as Readonly<Record<string, unknown>>)[name], level + 1);
  }
}

function writeNumber(value: number): void {
  reserve(9);
  if (Number.isInteger(value) && value >= SMALLEST_INT && value <= LARGEST_INT) {
    if (value >= -32 && value < 128) {
      buffer[end] = value;
      end += 1;
    } else {
      buffer[end] = 0xd2;
      end = buffer.writeInt32BE(value, end + 1);
    }
  } else {
    buffer[end] = 0xcb;
    end = buffer.writeDoubleBE(value, end + 1);
  }
}

function writeText(text: string): void {
  if (text.length <= SHORT_TEXT && writeShortAscii(text)) return;
  const length = Buffer.byteLength(text);
  reserve(length + 5);
  if (length < 32) writeByte(0xa0 | length);
  else if (length < 0x100) {
    buffer[end] = 0xd9;
    buffer[end + 1] = length;
    end += 2;
  } else writeWide(length, 0xda);
  buffer.write(text, end, length);
  end += length;
}

/** @returns false, and nothing is written, when there is a character beyond ASCII */
function writeShortAscii(text: string): boolean {
  const { length } = text;
  reserve(length + 2);
  let at = end;
  if (length < 32) buffer[at++] = 0xa0 | length;
  else {
    buffer[at++] = 0xd9;
    buffer[at++] = length;
  }
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) return false;
    buffer[at++] = code;
  }
  end = at;
  return true;
}

/** @param short the code for fewer than 16 @param wide the code for a length of 16 bits, followed by the one for 32 */
function writeLength(length: number, short: number, wide: number): void {
  reserve(5);
  if (length < 16) writeByte(short | length);
  else writeWide(length, wide);
}

function writeWide(length: number, wide: number): void {
  if (length < 0x10000) {
    buffer[end] = wide;
    end = buffer.writeUInt16BE(length, end + 1);
  } else {
    buffer[end] = wide + 1;
    end = buffer.writeUInt32BE(length, end + 1);
  }
}

function writeByte(byte: number): void {
  reserve(1);
  buffer[end] = byte;
  end += 1;
}

function reserve(bytes: number): void {
  if (end + bytes <= buffer.length) return;
  buffer = enlarged(buffer, end, end + bytes);
}

function enlarged(full: Buffer<ArrayBuffer>, used: number, needed: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(Math.max(SMALLEST_BUFFER, full.length * 2, needed));
  full.copy(larger, 0, 0, used);
  return larger;
}
