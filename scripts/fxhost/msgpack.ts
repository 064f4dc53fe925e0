/** A function of a script or of the host, as it crosses: its name in a msgpack extension. */
export interface FunctionReference {
  readonly functionReference: string;
}

/** Extension types that FXServer reads as functions; it writes the first. */
export const FUNCREF = 10;
export const LOCAL_FUNCREF = 11;

/** Whether a value from msgpack is a function of somebody. */
export function isFunctionReference(value: unknown): value is FunctionReference {
  return typeof value === 'object' && value !== null && 'functionReference' in value;
}

/**
 * MessagePack as FXServer's C++ side speaks it. Scripts pack and unpack with msgpack-lite inside their own scope (its
 * losses are part of what is imitated); this codec is only for the values the host itself sends and receives, and is
 * made to be fast, because in FXServer that side costs nearly nothing.
 */

let scratch = Buffer.allocUnsafeSlow(16384);
let at = 0;

function room(bytes: number): void {
  if (at + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(scratch.length * 2, at + bytes));
  scratch.copy(larger, 0, 0, at);
  scratch = larger;
}

/** @throws TypeError for what msgpack has no form for (functions, symbols, BigInt). */
export function encode(value: unknown): Uint8Array {
  const start = at; // packing can be entered again by a getter of the value
  try {
    write(value);
    // Bytes of its own, since a script may keep them; no Buffer, which msgpack-lite would decode by a faster way.
    return new Uint8Array(scratch.subarray(start, at));
  } finally {
    at = start;
  }
}

function write(value: unknown): void {
  switch (typeof value) {
    case 'string':
      writeString(value);
      break;
    case 'number':
      writeNumber(value);
      break;
    case 'boolean':
      writeByte(value ? 0xc3 : 0xc2);
      break;
    case 'undefined':
      writeByte(0xc0);
      break;
    case 'object':
      if (value === null) writeByte(0xc0);
      else writeObject(value);
      break;
    default:
      throw new TypeError(`the host cannot pack a ${typeof value}`);
  }
}

function writeByte(byte: number): void {
  room(1);
  scratch[at++] = byte;
}

function writeNumber(value: number): void {
  room(9);
  if (Number.isInteger(value) && value >= -0x80000000 && value <= 0x7fffffff) {
    if (value >= -32 && value < 128) scratch[at++] = value & 0xff;
    else {
      scratch[at] = 0xd2;
      scratch.writeInt32BE(value, at + 1);
      at += 5;
    }
    return;
  }
  scratch[at] = 0xcb;
  scratch.writeDoubleBE(value, at + 1);
  at += 9;
}

function writeLength(length: number, short: number, limit: number, eight: number, sixteen: number): void {
  room(5);
  if (length < limit) scratch[at++] = short | length;
  else if (eight !== 0 && length < 0x100) {
    scratch[at++] = eight;
    scratch[at++] = length;
  } else if (length < 0x10000) {
    scratch[at] = sixteen;
    scratch.writeUInt16BE(length, at + 1);
    at += 3;
  } else {
    scratch[at] = sixteen + 1;
    scratch.writeUInt32BE(length, at + 1);
    at += 5;
  }
}

function writeString(text: string): void {
  const length = Buffer.byteLength(text);
  writeLength(length, 0xa0, 32, 0xd9, 0xda);
  room(length);
  scratch.write(text, at, length, 'utf8');
  at += length;
}

function writeObject(value: object): void {
  if (Array.isArray(value)) {
    writeLength(value.length, 0x90, 16, 0, 0xdc);
    for (const item of value) write(item);
    return;
  }
  if (isFunctionReference(value)) {
    const length = Buffer.byteLength(value.functionReference);
    writeLength(length, 0, 0, 0xc7, 0xc8);
    writeByte(FUNCREF);
    room(length);
    scratch.write(value.functionReference, at, length, 'utf8');
    at += length;
    return;
  }
  if (ArrayBuffer.isView(value)) {
    writeLength(value.byteLength, 0, 0, 0xc4, 0xc5);
    room(value.byteLength);
    scratch.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), at);
    at += value.byteLength;
    return;
  }
  const keys = Object.keys(value);
  writeLength(keys.length, 0x80, 16, 0, 0xde);
  for (const key of keys) {
    writeString(key);
    write((value as Record<string, unknown>)[key]);
  }
}

/**
 * Unpacks what a script sent. Byte strings come out as Buffer (a view of the payload), functions as FunctionReference.
 * @throws RangeError when the payload is cut short or not msgpack.
 */
export function decode(payload: Uint8Array): unknown {
  const reader = {
    bytes: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
    at: 0,
  };
  return read(reader);
}

/** Like `decode`, for payloads that hold a list (arguments, return values); anything else counts as an empty one. */
export function decodeList(payload: Uint8Array): readonly unknown[] {
  const value = decode(payload);
  return Array.isArray(value) ? value : [];
}

interface Reader {
  readonly bytes: Buffer;
  at: number;
}

function read(reader: Reader): unknown {
  const type = reader.bytes.readUInt8(reader.at++);
  if (type < 0x80) return type;
  if (type >= 0xe0) return type - 0x100;
  if (type < 0x90) return readMap(reader, type & 0x0f);
  if (type < 0xa0) return readArray(reader, type & 0x0f);
  if (type < 0xc0) return readString(reader, type & 0x1f);
  return readLong(reader, type);
}

function readLong(reader: Reader, type: number): unknown {
  switch (type) {
    case 0xc0:
      return null;
    case 0xc2:
      return false;
    case 0xc3:
      return true;
    case 0xc4:
    case 0xc5:
    case 0xc6:
      return take(reader, readUInt(reader, 1 << (type - 0xc4)));
    case 0xc7:
    case 0xc8:
    case 0xc9:
      return readExtension(reader, readUInt(reader, 1 << (type - 0xc7)));
    case 0xca:
      return take(reader, 4).readFloatBE();
    case 0xcb:
      return take(reader, 8).readDoubleBE();
    case 0xcc:
    case 0xcd:
    case 0xce:
      return readUInt(reader, 1 << (type - 0xcc));
    case 0xcf:
      return Number(take(reader, 8).readBigUInt64BE());
    case 0xd0:
    case 0xd1:
    case 0xd2:
      return take(reader, 1 << (type - 0xd0)).readIntBE(0, 1 << (type - 0xd0));
    case 0xd3:
      return Number(take(reader, 8).readBigInt64BE());
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return readExtension(reader, 1 << (type - 0xd4));
    case 0xd9:
    case 0xda:
    case 0xdb:
      return readString(reader, readUInt(reader, 1 << (type - 0xd9)));
    case 0xdc:
    case 0xdd:
      return readArray(reader, readUInt(reader, 2 << (type - 0xdc)));
    case 0xde:
    case 0xdf:
      return readMap(reader, readUInt(reader, 2 << (type - 0xde)));
    default:
      throw new RangeError(`not msgpack: 0x${type.toString(16)}`);
  }
}

function take(reader: Reader, length: number): Buffer {
  if (reader.at + length > reader.bytes.length) throw new RangeError('msgpack payload is cut short');
  const part = reader.bytes.subarray(reader.at, reader.at + length);
  reader.at += length;
  return part;
}

function readUInt(reader: Reader, width: number): number {
  return take(reader, width).readUIntBE(0, width);
}

function readString(reader: Reader, length: number): string {
  if (reader.at + length > reader.bytes.length) throw new RangeError('msgpack payload is cut short');
  const text = reader.bytes.toString('utf8', reader.at, reader.at + length);
  reader.at += length;
  return text;
}

function readArray(reader: Reader, length: number): unknown[] {
  const list: unknown[] = [];
  for (let index = 0; index < length; index++) list.push(read(reader));
  return list;
}

function readMap(reader: Reader, length: number): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  for (let index = 0; index < length; index++) {
    const key = String(read(reader));
    const value = read(reader);
    if (key === '__proto__') Object.defineProperty(map, key, { value, enumerable: true });
    else map[key] = value;
  }
  return map;
}

function readExtension(reader: Reader, length: number): unknown {
  const type = take(reader, 1).readInt8();
  const data = take(reader, length);
  if (type === FUNCREF || type === LOCAL_FUNCREF) return { functionReference: data.toString('utf8') };
  return { type, data };
}
