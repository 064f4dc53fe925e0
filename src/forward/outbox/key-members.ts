import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  closingQuote,
  isKeyName,
  isWhitespace,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipWhitespace,
} from '../../events/find-key.ts';

/** A body without the values of its `key` members. */
export interface KeylessBody {
  readonly bytes: Buffer;
  /** Where in `bytes` a value was cut out, ascending. */
  readonly holes: readonly number[];
}

/** A top-level member named `key`, by offsets in the body. */
interface KeyMember {
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** The comma before it, -1 for the first member. */
  readonly commaBefore: number;
  /** The comma after it, -1 for the last member. */
  readonly commaAfter: number;
}

/**
 * @param body an authenticated body: the bytes of a JSON object
 * @returns the body with every value of a top-level member `key` cut out, whatever the value is; all other bytes stay
 */
export function cutKeys(body: Buffer): KeylessBody {
  const members = findKeyMembers(body);
  const holes: number[] = [];
  const pieces: Buffer[] = [];
  let from = 0;
  let length = 0;
  for (const { valueStart, valueEnd } of members) {
    pieces.push(body.subarray(from, valueStart));
    length += valueStart - from;
    holes.push(length);
    from = valueEnd;
  }
  pieces.push(body.subarray(from));
  return { bytes: Buffer.concat(pieces), holes };
}

/** @returns the body with a key as the value of each of its `key` members, every other byte as it was received */
export function withKey({ bytes, holes }: KeylessBody, key: string): Buffer {
  const value = Buffer.from(JSON.stringify(key));
  const pieces: Buffer[] = [];
  let from = 0;
  for (const hole of holes) {
    pieces.push(bytes.subarray(from, hole), value);
    from = hole;
  }
  pieces.push(bytes.subarray(from));
  return Buffer.concat(pieces);
}

/** @returns the body without its `key` members, every byte outside them and one comma each as it was received */
export function withoutKey(keyless: KeylessBody): Buffer {
  const body = withKey(keyless, '');
  const pieces: Buffer[] = [];
  let from = 0;
  for (const { first, last } of runs(findKeyMembers(body))) {
    const isAtTheEnd = last.commaAfter < 0;
    const start = isAtTheEnd && first.commaBefore >= 0 ? first.commaBefore : first.start;
    pieces.push(body.subarray(from, start));
    from = isAtTheEnd ? last.valueEnd : skipWhitespace(body, last.commaAfter + 1);
  }
  pieces.push(body.subarray(from));
  return Buffer.concat(pieces);
}

/** Members that follow one another go together, since they share their commas. */
function runs(members: readonly KeyMember[]): { first: KeyMember; last: KeyMember }[] {
  const found: { first: KeyMember; last: KeyMember }[] = [];
  for (const member of members) {
    const run = found.at(-1);
    if (run !== undefined && run.last.commaAfter === member.commaBefore) run.last = member;
    else found.push({ first: member, last: member });
  }
  return found;
}

/** One pass, building no values. Of a body that is no JSON object it gives what it found until it could not go on. */
function findKeyMembers(body: Buffer): KeyMember[] {
  const members: KeyMember[] = [];
  let at = skipWhitespace(body, 0);
  if (body[at] !== OPEN_BRACE) return members;
  at = skipWhitespace(body, at + 1);
  let commaBefore = -1;
  while (body[at] === QUOTE) {
    const nameEnd = endOfString(body, at);
    const valueStart = skipWhitespace(body, skipWhitespace(body, nameEnd) + 1);
    const valueEnd = endOfValue(body, valueStart);
    const next = skipWhitespace(body, valueEnd);
    const commaAfter = body[next] === COMMA ? next : -1;
    if (isKeyName(body, at, nameEnd - 1)) members.push({ start: at, valueStart, valueEnd, commaBefore, commaAfter });
    if (commaAfter < 0) return members;
    commaBefore = commaAfter;
    at = skipWhitespace(body, commaAfter + 1);
  }
  return members;
}

/** @returns the index after the string that opens at `open` */
function endOfString(body: Buffer, open: number): number {
  const end = closingQuote(body, open);
  return end < 0 ? body.length : end + 1;
}

/** @returns the index after the value that begins at `start`: before the comma, brace or space that is not in it */
function endOfValue(body: Buffer, start: number): number {
  let depth = 0;
  let at = start;
  for (; at < body.length; at += 1) {
    const byte = body[at];
    const closes = byte === CLOSE_BRACE || byte === CLOSE_BRACKET;
    if (depth === 0 && (closes || byte === COMMA || isWhitespace(byte))) return at;
    if (byte === QUOTE) at = endOfString(body, at) - 1;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (closes) depth -= 1;
  }
  return at;
}
