import { createHash, timingSafeEqual } from 'node:crypto';

/** Knows the configured API keys without keeping their text. */
export interface KeyRing {
  /** @returns whether the text is one of the keys, in the same time whichever part of it is wrong */
  accepts(candidate: string): boolean;
  /** How many keys there are; with none, nothing is accepted. */
  readonly size: number;
}

/**
 * @param keys API keys, already trimmed and checked (see `config/api-keys.ts`)
 * @returns a key ring that compares hashes in constant time, with only a–z folded to A–Z: the incumbent compares without
 *   regard to case, and folding the whole of Unicode would let `ß` stand for `SS`
 */
export function createKeyRing(keys: readonly string[]): KeyRing {
  const hashes = keys.filter((key) => key !== '').map(hash);
  return {
    size: hashes.length,
    accepts(candidate) {
      const offered = hash(candidate);
      let accepted = false;
      // No early end: the time must not tell which of the keys it was.
      for (const known of hashes) accepted = timingSafeEqual(known, offered) || accepted;
      return accepted;
    },
  };
}

function hash(text: string): Buffer {
  return createHash('sha256')
    .update(text.replace(/[a-z]/g, (letter) => letter.toUpperCase()))
    .digest();
}
