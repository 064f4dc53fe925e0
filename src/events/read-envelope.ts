import { ESCAPED_ASCII, KEY_REMOVED, type KeyRing } from './api-keys.ts';
import { findKey, OPEN_BRACE, skipWhitespace } from './find-key.ts';
import { typeNamed } from './push-event.ts';

export type EnvelopeRefusal =
  | 'invalid-json'
  /** There is no member `key` that could be one. */
  | 'no-key'
  | 'wrong-key'
  | 'invalid-type';

type EnvelopeResult =
  /** The body is the envelope as received, without its `key`; the type is as the catalogue names it, in upper case. */
  | { readonly accepted: true; readonly type: string; readonly body: Readonly<Record<string, unknown>> }
  | { readonly accepted: false; readonly reason: EnvelopeRefusal };

/**
 * Reads one envelope from the raw bytes of a request: the key is found and checked first, and only then is anything parsed.
 *
 * @param raw the body as received, at most 1 MiB
 * @param keys the configured keys
 * @param searched how many bytes are searched for the key
 * @returns the envelope without its key, or why it was refused
 */
export function readEnvelope(raw: Uint8Array, keys: KeyRing, searched = raw.byteLength): EnvelopeResult {
  const head = searched < raw.byteLength ? raw.subarray(0, searched) : raw;
  if (head[skipWhitespace(head, 0)] !== OPEN_BRACE) return refuse('invalid-json');
  const key = findKey(head);
  if (key === null) return refuse('no-key');
  if (!keys.accepts(key)) return refuse('wrong-key');
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString();
  const parsed = parseObject(text);
  if (parsed === null) return refuse('invalid-json');
  // Not by `delete`, which would make a slow object of it.
  const { key: parsedKey, ...body } = parsed;
  // Of two members with one name the scan sees the first and the parser keeps the last: both must be the key.
  if (parsedKey !== key) return refuse('wrong-key');
  const hasEscapes = text.includes('\\');
  const mayHide = (hasEscapes || text.includes('%')) && ESCAPED_ASCII.test(text);
  const hidden = mayHide || keys.isHeldAgain(text) ? keys.pattern : null;
  const mayMislead = text.includes('__proto__') || text.includes('constructor');
  if (hidden !== null || mayMislead || (hasEscapes && LONE_SURROGATE.test(text))) clean(body, hidden);
  const { type } = body;
  // The game server ends the name of an event at a NUL: this one would reach handlers of another type.
  if (typeof type !== 'string' || type === '' || type.includes('\0')) return refuse('invalid-type');
  return { accepted: true, type: typeNamed(type), body };
}

function refuse(reason: EnvelopeRefusal): EnvelopeResult {
  return { accepted: false, reason };
}

/** @returns null for what is no JSON object; the parser's own message quotes the input, so it goes nowhere */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** Only an escape can bring one: the text itself was read as UTF-8. */
const LONE_SURROGATE = /\\u[dD][89a-fA-F]/;

/**
 * Takes out what must not reach a consumer, at every level (without recursion: bodies may be nested 30,000 deep):
 * - own `__proto__` members: harmless here, but the game server's msgpack decoder would assign them, and so change the
 *   prototype of the table a consumer gets;
 * - own `constructor` members that are named like something of every object, such as `toString`: the game server's msgpack writer
 *   takes that for the way to write the object, and the consumer gets something else or nothing;
 * - the API keys, where one was written a second time;
 * - half a surrogate pair, which the game server's msgpack writer would join with the character that follows it.
 */
function clean(root: object, pattern: RegExp | null): void {
  const open: object[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (Object.hasOwn(node, '__proto__')) Reflect.deleteProperty(node, '__proto__');
    if (Object.hasOwn(node, 'constructor') && misleads(node.constructor)) Reflect.deleteProperty(node, 'constructor');
    for (const [name, member] of Object.entries(node)) {
      if (typeof member === 'object' && member !== null) open.push(member);
      const cleaned = cleanMember(member, pattern);
      const wellFormed = name.toWellFormed();
      const isKey = pattern !== null && name.search(pattern) >= 0;
      if (isKey || wellFormed !== name) Reflect.deleteProperty(node, name);
      if (!isKey && (wellFormed !== name || cleaned !== member)) Reflect.set(node, wellFormed, cleaned);
    }
  }
}

function misleads(maker: unknown): boolean {
  if (typeof maker !== 'object' || maker === null) return false;
  const { name } = maker as { readonly name?: unknown };
  return typeof name === 'string' && name in Object.prototype;
}

function cleanMember(member: unknown, key: RegExp | null): unknown {
  if (typeof member === 'string') {
    const wellFormed = member.toWellFormed();
    return key === null ? wellFormed : wellFormed.replace(key, KEY_REMOVED);
  }
  // A key may consist of digits only.
  return typeof member === 'number' && key !== null && String(member).search(key) >= 0 ? KEY_REMOVED : member;
}

/**
 * The game server's msgpack writer is recursive and gives up at some 1,700 levels, fewer when called from deep inside a script:
 * no consumer could be handed more than this. What the CAD sends has fewer than ten.
 */
export const MAX_LEVELS = 500;

/** @param bytes how long the body was as received, by which most can be let through unseen */
export function isNestedTooDeep(body: object, bytes: number): boolean {
  if (bytes <= 2 * MAX_LEVELS) return false;
  // Without recursion, level by level.
  let level = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= MAX_LEVELS) return true;
    level = level.flatMap((node) =>
      Object.values(node).filter((member) => typeof member === 'object' && member !== null),
    );
  }
  return false;
}
