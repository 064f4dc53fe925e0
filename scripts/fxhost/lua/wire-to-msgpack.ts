import { floatFromName, markerOf, type WireMarker, type WireValue } from './wire-text.ts';

const EXT_FUNCREF = 10;
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
