import { QUOTE } from '../../events/find-key.ts';
import { KEY_REMOVED, type KeyRing } from '../../events/key-ring.ts';
import type { Target } from '../delivery.ts';
import { cutKeys, endOfString, type KeylessBody, withoutKey } from './key-members.ts';

/** @returns whether a target gets the bodies as they were received: Discord's messages are made of them, and read by a channel */
export function seesKey({ includeKey, format }: Pick<Target, 'includeKey' | 'format'>): boolean {
  return includeKey && format === 'payload';
}

/** Bodies for targets that are to see no key, wherever one stands. Each is searched once, however many targets and attempts it has. */
export class OutgoingBodies {
  readonly #keys: () => KeyRing;
  readonly #made = new WeakMap<KeylessBody, { readonly keys: KeyRing; readonly masked: Buffer | null }>();

  /** @param keys those in force */
  constructor(keys: () => KeyRing) {
    this.#keys = keys;
  }

  /** @returns the body without its `key` members and without a key in what is left; otherwise every byte as it was received */
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
 * Takes the keys out of a JSON text by its tokens, so that it stays JSON whatever a key looks like. One pass.
 *
 * @returns the same buffer where there is no key
 */
function maskedJson(body: Buffer, keys: KeyRing): Buffer {
  if (!keys.mayStandIn(body.toString('latin1'))) return body;
  const pieces: Buffer[] = [];
  let kept = 0;
  for (let at = 0; at < body.length; ) {
    const end = body[at] === QUOTE ? endOfString(body, at) : endOfNumber(body, at);
    const token = body.toString('utf8', at, end);
    const masked = isPart(body[at]) ? maskedToken(token, keys) : token;
    if (masked !== token) {
      pieces.push(body.subarray(kept, at), Buffer.from(masked));
      kept = end;
    }
    at = end;
  }
  if (kept === 0) return body;
  return Buffer.concat([...pieces, body.subarray(kept)]);
}

/** Whether a string or a number begins with it, or what is neither and no sign of JSON's. */
const isPart = (byte: number | undefined): boolean => byte === QUOTE || isNumeric(byte);

/** Digits, and what may stand in a number beside them. */
function isNumeric(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || NUMERIC.includes(byte));
}

const NUMERIC: readonly number[] = [...Buffer.from('+-.eE')];

/** @returns the index after the number that begins at `start`; after one byte where there is none */
function endOfNumber(body: Buffer, start: number): number {
  let at = start;
  while (isNumeric(body[at])) at += 1;
  return Math.max(at, start + 1);
}

/** @param token a JSON string or number; the letters of `true` and `false` come here too, and hold no key */
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
