import { KEY_REMOVED, type KeyRing } from '../../events/key-ring.ts';
import type { Target } from '../delivery.ts';
import { cutKeys, type KeylessBody, withoutKey } from './key-members.ts';

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

/** A string of JSON, torn or whole, or what may stand in a number; the letters of `true` and `false` among it hold no key. */
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
