import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  closingQuote,
  findKeyMembers,
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

/**
 * @param body an authenticated body: the bytes of a JSON object
 * @returns the body with every value of a top-level member `key` cut out, whatever the value is; all other bytes stay
 */
export function cutKeys(body: Buffer): KeylessBody {
  const members = keyMembersOf(body);
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
  for (const { first, last } of runs(keyMembersOf(body))) {
    const isAtTheEnd = last.commaAfter < 0;
    const start = isAtTheEnd && first.commaBefore >= 0 ? first.commaBefore : first.start;
    pieces.push(body.subarray(from, start));
    from = isAtTheEnd ? last.valueEnd : skipWhitespace(body, last.commaAfter + 1);
  }
  pieces.push(body.subarray(from));
  return Buffer.concat(pieces);
}

type KeyMember = ReturnType<typeof keyMembersOf>[number];

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

/** @returns the top-level members named `key`, with the ends of their values and the comma after each, -1 for the last member */
function keyMembersOf(body: Buffer) {
  return findKeyMembers(body).map((member) => {
    const valueEnd = endOfValue(body, member.valueStart);
    const next = skipWhitespace(body, valueEnd);
    return { ...member, valueEnd, commaAfter: body[next] === COMMA ? next : -1 };
  });
}

/** @returns the index after the string that opens at `open` */
function endOfString(body: Buffer, open: number): number {
  const end = closingQuote(body, open);
  return end < 0 ? body.length : end + 1;
}

/** @returns the index after the value that begins at `start` */
function endOfValue(body: Buffer, start: number): number {
  let depth = 0;
  let at = start;
  while (at < body.length) {
    const byte = body[at];
    if (byte === QUOTE) {
      at = endOfString(body, at);
      if (depth === 0) return at;
      continue;
    }
    const closes = byte === CLOSE_BRACE || byte === CLOSE_BRACKET;
    if (depth === 0 && (closes || byte === COMMA || isWhitespace(byte))) return at;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (closes) depth -= 1;
    at += 1;
    if (closes && depth === 0) return at;
  }
  return body.length;
}
