import { MAX_KEY_LENGTH } from './api-keys.ts';

export const QUOTE = 0x22;
export const COMMA = 0x2c;
const COLON = 0x3a;
export const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

/** `\u006b`, the longest way to write one character. */
const ESCAPE_LENGTH = 6;

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
function isKeyName(body: Uint8Array, open: number, end: number): boolean {
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

const MAX_VALUE_BYTES = MAX_KEY_LENGTH * ESCAPE_LENGTH;

/**
 * Finds the top-level members named `key` in the raw bytes of a JSON object, in one pass and without building any value: FXServer's
 * engine takes 1.5 s to parse some hostile bodies of 650 kB, so nothing unauthenticated is parsed. Syntax is followed only as far as
 * needed.
 *
 * @param most how many are wanted: the search ends with the last of them
 * @returns where each begins and where its value does, and the comma before it, -1 for the first member
 */
export function findKeyMembers(body: Uint8Array, most = Number.POSITIVE_INFINITY) {
  const members: { readonly start: number; readonly valueStart: number; readonly commaBefore: number }[] = [];
  let at = skipWhitespace(body, 0);
  if (body[at] !== OPEN_BRACE) return members;
  let depth = 1;
  let expectsName = true;
  let commaBefore = -1;
  for (at += 1; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) {
      const start = at;
      at = closingQuote(body, start);
      if (at < 0) return members;
      if (depth > 1 || !expectsName) continue;
      expectsName = false;
      const colon = skipWhitespace(body, at + 1);
      if (body[colon] === COLON && isKeyName(body, start, at)) {
        members.push({ start, valueStart: skipWhitespace(body, colon + 1), commaBefore });
        if (members.length >= most) return members;
      }
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return members;
    } else if (byte === COMMA && depth === 1) {
      expectsName = true;
      commaBefore = at;
    }
  }
  return members;
}

/**
 * Finds the key of an envelope. The caller parses the body afterwards and compares the parsed key.
 *
 * @param body the body as received
 * @returns the text of the first member `key`, or null when there is none or its value is no string of at most 256 characters
 */
export function findKey(body: Uint8Array): string | null {
  const [member] = findKeyMembers(body, 1);
  return member === undefined ? null : readValue(body, member.valueStart);
}

function readValue(body: Uint8Array, open: number): string | null {
  if (body[open] !== QUOTE) return null;
  const end = closingQuote(body, open);
  if (end < 0 || end - open - 1 > MAX_VALUE_BYTES) return null;
  const text = readString(body, open, end);
  return text !== null && text.length <= MAX_KEY_LENGTH ? text : null;
}

/** Decodes a string by hand, so that not even a part of an unauthenticated body meets `JSON.parse`. */
function readString(body: Uint8Array, open: number, end: number): string | null {
  const text = Buffer.from(body.buffer, body.byteOffset + open + 1, end - open - 1).toString();
  if (!text.includes('\\')) return text;
  let valid = true;
  const decoded = text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_escape, hex: string | undefined, letter: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    const character = ESCAPES.get(letter);
    valid &&= character !== undefined;
    return character ?? '';
  });
  return valid ? decoded : null;
}

const ESCAPES = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
