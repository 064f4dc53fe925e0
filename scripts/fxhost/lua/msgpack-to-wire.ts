import { bytesToWire, floatToWire, integerToWire } from './wire-text.ts';

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
