import { FUNCREF, LOCAL_FUNCREF } from './function-reference.ts';

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
