import {
  bytesToWire,
  floatFromName,
  floatToWire,
  integerToWire,
  markerOf,
  type WireMarker,
  type WireValue,
} from './wire-text.ts';

const EXT_FUNCREF = 10;
const EXT_LOCAL_FUNCREF = 11;
const EXT_VECTOR2 = 20;
const EXT_QUATERNION = 23;

/** A nil value is left out: in a Lua table it is no entry, and a nil key cannot be one. */
function pairsToWire(parts: readonly string[]): string {
  const kept = parts.filter((_, i) => parts[i | 1] !== 'null' && parts[i & ~1] !== 'null');
  return `{"$m":[${kept.join(',')}]}`;
}

/**
 * Writes one msgpack value as the text that Lua reads (see wire-text.ts), byte for byte and without building it.
 * Extensions other than function references and vectors become null.
 * @throws Error when the bytes are no msgpack value.
 */
export function msgpackToWire(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  const skip = (length: number): number => {
    const start = at;
    at += length;
    if (at > bytes.length) throw new Error('msgpack: ends too early');
    return start;
  };
  const byte = (): number => view.getUint8(skip(1));
  const word = (): number => view.getUint16(skip(2));
  const long = (): number => view.getUint32(skip(4));
  const string = (length: number): string => {
    const start = skip(length);
    return bytesToWire(bytes.subarray(start, start + length));
  };

  const array = (length: number): string => {
    let text = '[';
    for (let i = 0; i < length; i++) text += i === 0 ? value() : `,${value()}`;
    return `${text}]`;
  };

  const map = (length: number): string => {
    const parts: string[] = [];
    let plain = true;
    for (let i = 0; i < length; i++) {
      const key = value();
      if (key.charCodeAt(0) !== 34 || key.charCodeAt(1) === 36) plain = false;
      parts.push(key, value());
    }
    if (!plain) return pairsToWire(parts);
    let text = '{';
    for (let i = 0; i < parts.length; i += 2) text += `${i === 0 ? '' : ','}${parts[i]}:${parts[i + 1]}`;
    return `${text}}`;
  };

  const extension = (length: number): string => {
    const type = view.getInt8(skip(1));
    if (type === EXT_FUNCREF || type === EXT_LOCAL_FUNCREF) return `{"$f":${string(length)}}`;
    const start = skip(length);
    if (type < EXT_VECTOR2 || type > EXT_QUATERNION) return 'null';
    const parts: string[] = [];
    for (let i = 0; i + 4 <= length; i += 4) parts.push(floatToWire(view.getFloat32(start + i, true)));
    return `{"$v":[${parts.join(',')}]}`;
  };

  const readers: Record<number, () => string> = {
    192: () => 'null',
    194: () => 'false',
    195: () => 'true',
    196: () => string(byte()),
    197: () => string(word()),
    198: () => string(long()),
    199: () => extension(byte()),
    200: () => extension(word()),
    201: () => extension(long()),
    202: () => floatToWire(view.getFloat32(skip(4))),
    203: () => floatToWire(view.getFloat64(skip(8))),
    204: () => String(byte()),
    205: () => String(word()),
    206: () => String(long()),
    207: () => integerToWire(view.getBigUint64(skip(8))),
    208: () => String(view.getInt8(skip(1))),
    209: () => String(view.getInt16(skip(2))),
    210: () => String(view.getInt32(skip(4))),
    211: () => integerToWire(view.getBigInt64(skip(8))),
    212: () => extension(1),
    213: () => extension(2),
    214: () => extension(4),
    215: () => extension(8),
    216: () => extension(16),
    217: () => string(byte()),
    218: () => string(word()),
    219: () => string(long()),
    220: () => array(word()),
    221: () => array(long()),
    222: () => map(word()),
    223: () => map(long()),
  };

  function value(): string {
    const head = byte();
    if (head < 0x80) return String(head);
    if (head < 0x90) return map(head & 0x0f);
    if (head < 0xa0) return array(head & 0x0f);
    if (head < 0xc0) return string(head & 0x1f);
    if (head >= 0xe0) return String(head - 0x100);
    const read = readers[head];
    if (!read) throw new Error(`msgpack: unused type byte ${head}`);
    return read();
  }

  return value();
}

/** Vectors of 2, 3 and 4 floats are extensions 20, 21 and 22. */
const EXT_VECTOR_BASE = 18;

/**
 * Packs a parsed wire value as FXServer's Lua does: integers in the smallest form, floats as float64, strings as str,
 * functions as extension 10, vectors as little-endian float32s.
 */
export function wireToMsgpack(value: WireValue): Uint8Array {
  let buffer = Buffer.allocUnsafe(256);
  let at = 0;

  /** Makes room first: `buffer` may be another one afterwards. */
  const put = (length: number, write: (target: Buffer, start: number) => void): void => {
    const start = at;
    at += length;
    if (at > buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(at, buffer.length * 2));
      buffer.copy(larger, 0, 0, start);
      buffer = larger;
    }
    write(buffer, start);
  };
  const byte = (value: number): void => {
    put(1, (target, start) => {
      target[start] = value;
    });
  };
  const short = (head: number, value: number): void => {
    byte(head);
    byte(value);
  };
  const word = (head: number, value: number): void => {
    byte(head);
    put(2, (target, start) => target.writeUInt16BE(value, start));
  };
  const long = (head: number, value: number): void => {
    byte(head);
    put(4, (target, start) => target.writeUInt32BE(value, start));
  };

  const float = (value: number): void => {
    byte(0xcb);
    put(8, (target, start) => target.writeDoubleBE(value, start));
  };

  const integer = (value: number): void => {
    if (value >= 0) {
      if (value < 0x80) byte(value);
      else if (value < 0x100) short(0xcc, value);
      else if (value < 0x10000) word(0xcd, value);
      else if (value < 0x1_0000_0000) long(0xce, value);
      else bigInteger(BigInt(value));
    } else if (value >= -0x20) byte(value & 0xff);
    else if (value >= -0x80) {
      byte(0xd0);
      put(1, (target, start) => target.writeInt8(value, start));
    } else if (value >= -0x8000) {
      byte(0xd1);
      put(2, (target, start) => target.writeInt16BE(value, start));
    } else if (value >= -0x8000_0000) {
      byte(0xd2);
      put(4, (target, start) => target.writeInt32BE(value, start));
    } else bigInteger(BigInt(value));
  };

  const bigInteger = (value: bigint): void => {
    byte(value < 0n ? 0xd3 : 0xcf);
    if (value < 0n) put(8, (target, start) => target.writeBigInt64BE(value, start));
    else put(8, (target, start) => target.writeBigUInt64BE(value, start));
  };

  const string = (latin1: string): void => {
    const { length } = latin1;
    if (length < 0x20) byte(0xa0 | length);
    else if (length < 0x100) short(0xd9, length);
    else if (length < 0x10000) word(0xda, length);
    else long(0xdb, length);
    put(length, (target, start) => target.write(latin1, start, 'latin1'));
  };

  const extension = (type: number, length: number): void => {
    const fixed = [1, 2, 4, 8, 16].indexOf(length);
    if (fixed >= 0) byte(0xd4 + fixed);
    else short(0xc7, length);
    byte(type);
  };

  const array = (values: readonly WireValue[]): void => {
    if (values.length < 0x10) byte(0x90 | values.length);
    else if (values.length < 0x10000) word(0xdc, values.length);
    else long(0xdd, values.length);
    for (const each of values) any(each);
  };

  const mapHead = (length: number): void => {
    if (length < 0x10) byte(0x80 | length);
    else if (length < 0x10000) word(0xde, length);
    else long(0xdf, length);
  };

  const map = (values: Readonly<Record<string, WireValue>>): void => {
    const entries = Object.entries(values);
    mapHead(entries.length);
    for (const [key, each] of entries) {
      string(key);
      any(each);
    }
  };

  const marked = (marker: WireMarker): void => {
    if (marker.$i !== undefined) bigInteger(BigInt(marker.$i));
    else if (marker.$d !== undefined) float(floatFromName(marker.$d));
    else if (marker.$f !== undefined) {
      const ref = marker.$f;
      extension(EXT_FUNCREF, ref.length);
      put(ref.length, (target, start) => target.write(ref, start, 'latin1'));
    } else if (marker.$v !== undefined) vector(marker.$v);
    else if (marker.$m !== undefined) {
      mapHead(marker.$m.length / 2);
      for (const each of marker.$m) any(each);
    }
  };

  const vector = (parts: readonly WireValue[]): void => {
    extension(EXT_VECTOR_BASE + parts.length, parts.length * 4);
    for (const part of parts) put(4, (target, start) => target.writeFloatLE(floatOf(part), start));
  };

  function any(value: WireValue): void {
    if (value === null) byte(0xc0);
    else if (typeof value === 'boolean') byte(value ? 0xc3 : 0xc2);
    else if (typeof value === 'number') {
      if (Number.isInteger(value)) integer(value);
      else float(value);
    } else if (typeof value === 'string') string(value);
    else if (Array.isArray(value)) array(value);
    else {
      const marker = markerOf(value);
      if (marker) marked(marker);
      else map(value as Record<string, WireValue>);
    }
  }

  any(value);
  return new Uint8Array(buffer.subarray(0, at));
}

function floatOf(part: WireValue): number {
  if (typeof part === 'number') return part;
  return floatFromName((part as WireMarker).$d ?? 'nan');
}
