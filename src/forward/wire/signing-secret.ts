const PREFIX = 'whsec_';
/** As base64 they are 32 to 88 characters, which says little more than that it is worth decoding. */
const SECRET = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/;
/** Standard Webhooks asks for keys of so many bytes. */
const MIN_KEY_BYTES = 24;
const MAX_KEY_BYTES = 64;

/** @returns whether a value is a secret as Standard Webhooks 1.0 writes them: `whsec_` and 24 to 64 bytes as base64 */
export function isSigningSecret(value: unknown): value is string {
  if (typeof value !== 'string' || !SECRET.test(value)) return false;
  const { length } = keyOf(value);
  return length >= MIN_KEY_BYTES && length <= MAX_KEY_BYTES;
}

/** @returns the bytes that a secret stands for */
export function keyOf(secret: string): Buffer {
  return Buffer.from(secret.slice(PREFIX.length), 'base64');
}
