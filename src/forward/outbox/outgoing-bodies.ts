import { KEY_REMOVED, type KeyRing } from '../../events/api-keys.ts';
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
import type { Target } from '../delivery.ts';

/**
 * @returns whether a target gets the bodies as they were received: Discord's messages are made of them, and read by a
 * channel
 */
export function seesKey({ includeKey, format }: Pick<Target, 'includeKey' | 'format'>): boolean {
  return includeKey && format === 'payload';
}

/**
 * Bodies for targets that are to see no key, wherever one stands. Each is searched once, however many targets and
 * attempts it has.
 */
export class OutgoingBodies {
  readonly #keys: () => KeyRing;
  readonly #made = new WeakMap<KeylessBody, { readonly keys: KeyRing; readonly masked: Buffer | null }>();

  /** @param keys those in force */
  constructor(keys: () => KeyRing) {
    this.#keys = keys;
  }

  /**
   * @returns the body without its `key` members and without a key in what is left; otherwise every byte as it was
   * received
   */
  withoutKeys(body: KeylessBody): Buffer {
    const keys = this.#keys();
    const made = this.#made.get(body);
    if (made?.keys === keys) return made.masked ?? withoutKey(body);
    const plain = withoutKey(body);
    const masked = maskedJson(plain, keys);
    // What is as before is not held a second time.
    this.#made.set(body, { keys, masked: masked === plain ? null : masked });
    return masked;
  }

  /** @returns the body as it is stored where no target is to see a key */
  cut(raw: Buffer): KeylessBody {
    const keys = this.#keys();
    const body = cutKeys(raw);
    const cut = maskedJson(body.bytes, keys) === body.bytes ? body : cutKeys(maskedJson(raw, keys));
    this.#made.set(cut, { keys, masked: null });
    return cut;
  }
}

/**
 * A string of JSON, torn or whole, or what may stand in a number; the letters of `true` and `false` among it hold no
 * key.
 */
const TOKEN = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"?|[-+.\deE]+/g;

/**
 * Takes the keys out of a JSON text by its tokens, so that it stays JSON whatever a key looks like. One pass.
 *
 * @returns the same buffer where there is no key
 */
function maskedJson(body: Buffer, keys: KeyRing): Buffer {
  // One character a byte, so that what is no key stays as it was received.
  const text = body.toString('latin1');
  if (!keys.mayStandIn(text)) return body;
  const masked = text.replace(TOKEN, (bytes) => {
    const token = Buffer.from(bytes, 'latin1').toString();
    const shown = maskedToken(token, keys);
    return shown === token ? bytes : Buffer.from(shown).toString('latin1');
  });
  return masked === text ? body : Buffer.from(masked, 'latin1');
}

function maskedToken(token: string, keys: KeyRing): string {
  if (!token.startsWith('"')) return keys.mask(token) === token ? token : JSON.stringify(KEY_REMOVED);
  const text = textOf(token);
  const masked = keys.mask(text);
  return masked === text ? token : JSON.stringify(masked);
}

/** @returns what a JSON string says; of one that is torn, what stands there */
function textOf(token: string): string {
  try {
    return JSON.parse(token);
  } catch {
    return token;
  }
}

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

/**
 * @returns the top-level members named `key`, with the ends of their values and the comma after each, -1 for the last
 * member
 */
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
