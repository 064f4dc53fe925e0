import { timingSafeEqual } from 'node:crypto';

/** Knows the configured API keys. */
export interface KeyRing {
  /** @returns whether the text is one of the keys, in the same time whichever part of it is wrong */
  accepts(candidate: string): boolean;
  /** How many keys there are; with none, nothing is accepted. */
  readonly size: number;
}

/** A configured key is never longer. */
const SLOT_BYTES = 256;
const NOT_PRINTABLE_ASCII = /[^ -~]/;

/**
 * @param keys API keys, already trimmed and checked (see `config/api-keys.ts`): at most 256 printable ASCII characters
 * @returns a key ring that compares in constant time, with only a–z folded to A–Z: the incumbent compares without regard to
 *   case, and folding the whole of Unicode would let `ß` stand for `SS`
 */
export function createKeyRing(keys: readonly string[]): KeyRing {
  const known = keys.filter(isPossibleKey).map((key) => fillSlot(Buffer.alloc(SLOT_BYTES), key));
  const offered = Buffer.alloc(SLOT_BYTES);
  return {
    size: known.length,
    accepts(candidate) {
      // What no key can be is told apart by the candidate alone, and so tells nothing about the keys.
      if (!isPossibleKey(candidate)) return false;
      fillSlot(offered, candidate);
      let accepted = false;
      // No early end: the time must not tell which of the keys it was.
      for (const slot of known) accepted = timingSafeEqual(slot, offered) || accepted;
      return accepted;
    },
  };
}

function isPossibleKey(text: string): boolean {
  return text !== '' && text.length <= SLOT_BYTES && !NOT_PRINTABLE_ASCII.test(text);
}

/**
 * Every text fills a slot of the same size, the rest of it zeros, which no key contains: so all of the slot is compared whatever
 * the lengths of the key and of the candidate, and the time depends on neither. Hashing would do the same and take ten times as
 * long.
 */
function fillSlot(slot: Buffer, text: string): Buffer {
  slot.fill(0, slot.write(text.toUpperCase(), 'latin1'));
  return slot;
}
