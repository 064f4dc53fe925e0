import { types } from 'node:util';
import { Encoder, ExtData, type ExtensionCodecType } from '@msgpack/msgpack';

/** A function of a script or of the host, as it crosses: its name in a msgpack extension. */
export interface FunctionReference {
  readonly functionReference: string;
}

/** Extension types that FXServer reads as functions; it writes the first. */
const FUNCREF = 10;
const LOCAL_FUNCREF = 11;
/** The type of a vector of 2 numbers; those of 3 and 4 follow, and a quaternion's. */
const FIRST_VECTOR = 20;
const QUATERNION = 23;

/** Whether a value from msgpack is a function. */
export function isFunctionReference(value: unknown): value is FunctionReference {
  return typeof value === 'object' && value !== null && 'functionReference' in value;
}

/**
 * MessagePack as FXServer's C++ side speaks it. Scripts pack and unpack with msgpack-lite inside their own scope (its
 * losses are part of what is imitated); this codec is only for the values the host itself sends and receives. What
 * scripts send is read here and not by a library, of which none takes a member `__proto__`.
 */
const extensionCodec: ExtensionCodecType<undefined> = {
  tryToEncode(value) {
    if (isFunctionReference(value)) return new ExtData(FUNCREF, new Uint8Array(Buffer.from(value.functionReference)));
    return types.isFloat32Array(value) ? encodeVector(value) : null;
  },
  decode: () => null,
};
const encoder = new Encoder({ extensionCodec, maxDepth: 500 });

/** A vector of 2 to 4 numbers, whose extension types are 20 to 22. */
function encodeVector(parts: Float32Array): ExtData {
  const bytes = Buffer.alloc(parts.length * 4);
  for (const [index, part] of parts.entries()) bytes.writeFloatLE(part, index * 4);
  return new ExtData(FIRST_VECTOR + parts.length - 2, new Uint8Array(bytes));
}

/** @throws Error for what msgpack has no form for (functions, symbols, BigInt), or that is nested too deep. */
export function encode(value: unknown): Uint8Array {
  if (typeof value !== 'string' || value.length < 0x10000) return encoder.encode(value);
  // The library counts the bytes of a text one by one, which takes 20 ms for a script that is loaded as a file.
  const [head, text] = [Buffer.alloc(5, 0xdb), Buffer.from(value)];
  head.writeUInt32BE(text.length, 1);
  return new Uint8Array(Buffer.concat([head, text]));
}

/**
 * Unpacks what a script sent. Byte strings come out as Buffer (a view of the payload), functions as FunctionReference,
 * vectors as Float32Array.
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
    return this.#take(length).toString();
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
    if (type >= FIRST_VECTOR && type <= QUATERNION) {
      return Float32Array.from({ length: length / 4 }, (_, index) => data.readFloatLE(index * 4));
    }
    return { type, data };
  }
}
