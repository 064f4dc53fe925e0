import { findKey, looksLikeObject } from './find-key.ts';
import type { KeyRing } from './key-ring.ts';

/** What an authenticated body holds: the envelope as received, without its `key`. */
export interface Envelope {
  /** Upper-cased. */
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const KEY_REMOVED = '(API key removed)';

export type EnvelopeRefusal = 'invalid-json' | 'wrong-key' | 'invalid-type';

export type EnvelopeResult =
  | ({ readonly accepted: true } & Envelope)
  | { readonly accepted: false; readonly reason: EnvelopeRefusal };

/**
 * Reads one envelope from the raw bytes of a request: the key is found and checked first, and only then is anything parsed.
 *
 * @param raw the body as received, at most 1 MiB
 * @param keys the configured keys
 * @returns the envelope without its key, or why it was refused
 */
export function readEnvelope(raw: Uint8Array, keys: KeyRing): EnvelopeResult {
  if (!looksLikeObject(raw)) return refuse('invalid-json');
  const key = findKey(raw);
  if (key === null || !keys.accepts(key)) return refuse('wrong-key');
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString();
  const body = parseObject(text);
  if (body === null) return refuse('invalid-json');
  // Of two members with one name the scan sees the first and the parser keeps the last: both must be the key.
  if (body.key !== key) return refuse('wrong-key');
  delete body.key;
  const hidden = occursTwice(text.toUpperCase(), key.toUpperCase()) ? key : null;
  if (hidden !== null || mayHoldPrototypeMember(text)) clean(body, hidden);
  const { type } = body;
  if (typeof type !== 'string' || type === '') return refuse('invalid-type');
  return { accepted: true, type: type.toUpperCase(), body };
}

function refuse(reason: EnvelopeRefusal): EnvelopeResult {
  return { accepted: false, reason };
}

/** The parser's own message quotes the input, so it goes nowhere. */
function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function occursTwice(text: string, part: string): boolean {
  return text.indexOf(part, text.indexOf(part) + 1) >= 0;
}

function mayHoldPrototypeMember(text: string): boolean {
  return text.includes('__proto__') || text.includes('\\u005f') || text.includes('\\u005F');
}

/**
 * Takes out what must not reach a consumer, at every level (without recursion: bodies may be nested 30,000 deep):
 * - own `__proto__` members: harmless here, but the game server's msgpack decoder would assign them, and so change the
 *   prototype of the table a consumer gets;
 * - the API key, where somebody wrote it a second time.
 */
function clean(root: object, key: string | null): void {
  const pattern = key === null ? null : new RegExp(key.replace(/[^A-Za-z0-9]/g, '\\$&'), 'gi');
  const open: object[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (Object.hasOwn(node, '__proto__')) Reflect.deleteProperty(node, '__proto__');
    for (const [name, member] of Object.entries(node)) {
      if (typeof member === 'object' && member !== null) open.push(member);
      if (pattern === null) continue;
      if (typeof member === 'string') Reflect.set(node, name, member.replace(pattern, KEY_REMOVED));
      if (name.search(pattern) >= 0) Reflect.deleteProperty(node, name);
    }
  }
}
