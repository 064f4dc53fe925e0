export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

/** `\u006b`, the longest way to write one character. */
export const ESCAPE_LENGTH = 6;

const KEY_NAME = [0x6b, 0x65, 0x79];

export function isWhitespace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** @returns the index of the first byte from `from` on that is no white space; the body's length when there is none */
export function skipWhitespace(body: Uint8Array, from: number): number {
  let at = from;
  while (isWhitespace(body[at])) at += 1;
  return at;
}

/** @returns the index of the closing quote of the string that opens at `open`, or -1 */
export function closingQuote(body: Uint8Array, open: number): number {
  for (let at = open + 1; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at += 1;
  }
  return -1;
}

/**
 * Whether a string is `key`, with escapes or without. Compares byte by byte: a hostile body has 100,000 names, and decoding each
 * would take longer than parsing.
 *
 * @param open the index of its opening quote
 * @param end the index of its closing quote
 */
export function isKeyName(body: Uint8Array, open: number, end: number): boolean {
  let at = open + 1;
  for (const letter of KEY_NAME) {
    if (body[at] === letter) at += 1;
    else if (body[at] === BACKSLASH && escapedLetter(body, at) === letter) at += ESCAPE_LENGTH;
    else return false;
  }
  return at === end;
}

/** @returns the code of a `\u00xx` escape at `at`, or -1 */
function escapedLetter(body: Uint8Array, at: number): number {
  if (body[at + 1] !== 0x75 || body[at + 2] !== 0x30 || body[at + 3] !== 0x30) return -1;
  return Number.parseInt(String.fromCharCode(body[at + 4] ?? 0, body[at + 5] ?? 0), 16);
}
