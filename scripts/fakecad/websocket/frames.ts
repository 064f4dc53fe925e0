/** What a frame is: RFC 6455, 5.2. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** One frame as a client sent it, unmasked. */
export interface Frame {
  readonly final: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

/** Why a connection must end: a status of RFC 6455, 7.4.1. */
export const PROTOCOL_ERROR = 1002;
export const TOO_BIG = 1009;

const SHORT = 125;
const MASK_BYTES = 4;

/** A whole frame of a server, which is never masked. */
export function encodeFrame(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length <= SHORT ? 2 : length <= 0xffff ? 4 : 10);
  head[0] = 0x80 | opcode;
  if (length <= SHORT) head[1] = length;
  else if (length <= 0xffff) {
    head[1] = 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, payload]);
}

/** Takes frames out of the bytes of a client. */
export interface FrameReader {
  /** @returns the frames that are whole now, or the status with which the connection must end */
  read(bytes: Buffer): Frame[] | number;
}

/** @param most the largest payload of one frame, in bytes */
export function createFrameReader(most: number): FrameReader {
  let rest = Buffer.alloc(0);

  /** @returns the frame and its length on the wire; null when there is more to come */
  const next = (): { frame: Frame; size: number } | null | number => {
    const [first, second] = rest;
    if (first === undefined || second === undefined) return null;
    const opcode = first & 0x0f;
    const final = (first & 0x80) !== 0;
    const short = second & 0x7f;
    const isControl = opcode >= OPCODE.close;
    // No extension was agreed on, a client always masks, and a control frame is one short frame.
    if ((first & 0x70) !== 0 || (second & 0x80) === 0 || (isControl && (!final || short > SHORT)))
      return PROTOCOL_ERROR;
    const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
    const start = 2 + extended + MASK_BYTES;
    if (rest.length < start) return null;
    const length = extended === 0 ? short : extended === 2 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
    if (length > most) return TOO_BIG;
    if (rest.length < start + length) return null;
    const mask = rest.subarray(start - MASK_BYTES, start);
    const payload = Buffer.from(rest.subarray(start, start + length));
    for (let index = 0; index < length; index += 1) payload[index] = (payload[index] ?? 0) ^ (mask[index % 4] ?? 0);
    return { frame: { final, opcode, payload }, size: start + length };
  };

  return {
    read(bytes) {
      rest = Buffer.concat([rest, bytes]);
      const frames: Frame[] = [];
      for (;;) {
        const found = next();
        if (typeof found === 'number') return found;
        if (found === null) return frames;
        frames.push(found.frame);
        rest = rest.subarray(found.size);
      }
    },
  };
}
