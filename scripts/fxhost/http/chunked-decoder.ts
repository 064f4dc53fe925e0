/** What one read of a chunked body came to. `rest` counts the bytes after its end. */
type DecodedRead =
  | { readonly kind: 'incomplete'; readonly data: Buffer }
  | { readonly kind: 'complete'; readonly data: Buffer; readonly rest: number }
  | { readonly kind: 'malformed' };

type State = 'size' | 'extension' | 'data' | 'after-data' | 'trailer-start' | 'trailer';

const CR = 13;
const LF = 10;
const MAX_SIZE_DIGITS = 16;

export type ChunkedDecoder = ReturnType<typeof createChunkedDecoder>;

/** Decodes a chunked body read by read, trailers swallowed, as FXServer's parser does. */
export function createChunkedDecoder() {
  let state: State = 'size';
  let size = 0;
  let digits = 0;

  return {
    decode(bytes: Buffer): DecodedRead {
      const pieces: Buffer[] = [];
      let at = 0;
      while (at < bytes.length) {
        const byte = bytes[at] ?? 0;
        switch (state) {
          case 'size': {
            const digit = hexDigit(byte);
            if (digit === -1) {
              if (digits === 0) return { kind: 'malformed' };
              digits = 0;
              state = 'extension';
              break;
            }
            if (digits === MAX_SIZE_DIGITS) return { kind: 'malformed' };
            size = size * 16 + digit;
            digits++;
            at++;
            break;
          }
          case 'extension':
            at++;
            if (byte === LF) state = size === 0 ? 'trailer-start' : 'data';
            break;
          case 'data': {
            const piece = bytes.subarray(at, at + size);
            pieces.push(piece);
            size -= piece.length;
            at += piece.length;
            if (size === 0) state = 'after-data';
            break;
          }
          case 'after-data':
            at++;
            if (byte === LF) state = 'size';
            else if (byte !== CR) return { kind: 'malformed' };
            break;
          case 'trailer-start':
            at++;
            if (byte === LF) return { kind: 'complete', data: Buffer.concat(pieces), rest: bytes.length - at };
            if (byte !== CR) state = 'trailer';
            break;
          case 'trailer':
            at++;
            if (byte === LF) state = 'trailer-start';
            break;
        }
      }
      return { kind: 'incomplete', data: Buffer.concat(pieces) };
    },
  };
}

function hexDigit(byte: number): number {
  const digit = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(digit) ? -1 : digit;
}
