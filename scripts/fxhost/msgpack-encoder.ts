/**
 * MessagePack as FXServer's C++ side speaks it. Scripts pack and unpack with msgpack-lite inside their own scope (its
 * losses are part of what is imitated); this codec is only for the values the host itself sends and receives, and is
 * made to be fast, because in FXServer that side costs nearly nothing.
 */
import { FUNCREF, isFunctionReference } from './function-reference.ts';

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
