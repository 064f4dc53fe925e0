/** A function of a script or of the host, as it crosses: its name in a msgpack extension. */
export interface FunctionReference {
  readonly functionReference: string;
}

/** Extension types that FXServer reads as functions; it writes the first. */
export const FUNCREF = 10;
export const LOCAL_FUNCREF = 11;

/** Whether a value from msgpack is a function. */
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
  return new Reader(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)).value();
}

/** Like `decode`, for payloads that hold a list (arguments, return values); anything else counts as an empty one. */
export function decodeList(payload: Uint8Array): readonly unknown[] {
  const value = decode(payload);
  return Array.isArray(value) ? value : [];
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  value(): unknown {
    const type = this.#bytes.readUInt8(this.#at++);
    if (type < 0x80) return type;
    if (type >= 0xe0) return type - 0x100;
    if (type < 0x90) return this.#map(type & 0x0f);
    if (type < 0xa0) return this.#list(type & 0x0f);
    if (type < 0xc0) return this.#text(type & 0x1f);
    if (type <= 0xc3) {
      if (type === 0xc1) throw new RangeError('not msgpack: 0xc1');
      return type === 0xc0 ? null : type === 0xc3;
    }
    // In groups of three or so, each of which doubles the width of the length or the number.
    if (type <= 0xc6) return this.#take(this.#uint(1 << (type - 0xc4)));
    if (type <= 0xc9) return this.#extension(this.#uint(1 << (type - 0xc7)));
    if (type <= 0xcb) return type === 0xca ? this.#take(4).readFloatBE() : this.#take(8).readDoubleBE();
    if (type <= 0xce) return this.#uint(1 << (type - 0xcc));
    if (type === 0xcf) return Number(this.#take(8).readBigUInt64BE());
    if (type <= 0xd2) return this.#take(1 << (type - 0xd0)).readIntBE(0, 1 << (type - 0xd0));
    if (type === 0xd3) return Number(this.#take(8).readBigInt64BE());
    if (type <= 0xd8) return this.#extension(1 << (type - 0xd4));
    if (type <= 0xdb) return this.#text(this.#uint(1 << (type - 0xd9)));
    if (type <= 0xdd) return this.#list(this.#uint(2 << (type - 0xdc)));
    return this.#map(this.#uint(2 << (type - 0xde)));
  }

  #take(length: number): Buffer {
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new RangeError('msgpack payload is cut short');
    return this.#bytes.subarray(start, this.#at);
  }

  #uint(width: number): number {
    return this.#take(width).readUIntBE(0, width);
  }

  #text(length: number): string {
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new RangeError('msgpack payload is cut short');
    return this.#bytes.toString('utf8', start, this.#at);
  }

  #list(length: number): unknown[] {
    const list: unknown[] = [];
    for (let index = 0; index < length; index++) list.push(this.value());
    return list;
  }

  #map(length: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    for (let index = 0; index < length; index++) {
      const key = String(this.value());
      const value = this.value();
      if (key === '__proto__') Object.defineProperty(map, key, { value, enumerable: true });
      else map[key] = value;
    }
    return map;
  }

  #extension(length: number): unknown {
    const type = this.#take(1).readInt8();
    const data = this.#take(length);
    if (type === FUNCREF || type === LOCAL_FUNCREF) return { functionReference: data.toString('utf8') };
    return { type, data };
  }
}
