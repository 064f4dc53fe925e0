import { timingSafeEqual } from 'node:crypto';

const MIN_LENGTH = 16;
/** In characters, which are bytes: only printable ASCII is taken. */
export const MAX_KEY_LENGTH = 256;

// What people leave standing, with everything but letters and digits taken out: "your_api_key", "<API KEY HERE>",
// "PUT-YOUR-KEY-HERE", "CHANGEME", and the text by which sonorancad.cfg marks a convar that is not set.
const PLACEHOLDER =
  /^(PROTECTIONINITIALIZED|(CHANGEME)+|(PUT|INSERT|ENTER|PASTE|ADD|SET|REPLACE|REPLACEWITH|REPLACEME)?(THE|MY|YOUR|A)?(SONORAN)?(CAD)?(COMMUNITY)?(API)?(KEY|TOKEN|SECRET)?(GOES)?(HERE)?)$/;
const ONE_CHARACTER_REPEATED = /^(.)\1*$/;

/**
 * What convars and config files hold while they are not set.
 * @param text compared without regard to case and surrounding space
 */
export const isProtectionMark = (text: string): boolean => text.trim().toUpperCase() === 'PROTECTION_INITIALIZED';

/**
 * Only a–z become A–Z, as in the comparison of a received key: other letters have foldings that change lengths.
 */
export const foldKey = (key: string): string => key.replace(/[a-z]+/g, (letters) => letters.toUpperCase());

function isPlaceholder(key: string): boolean {
  const bare = foldKey(key).replace(/[^A-Z0-9]/g, '');
  return PLACEHOLDER.test(bare) || ONE_CHARACTER_REPEATED.test(bare);
}

/**
 * Why a trimmed text cannot serve as an API key or token, in words that never repeat it.
 * @param expected ends the words about a length; '' where the line itself says what is expected
 * @returns null when it can: 16 to 256 printable ASCII characters and no placeholder
 */
export function keyFault(key: string, expected = `, expected ${MIN_LENGTH} to ${MAX_KEY_LENGTH}`): string | null {
  if (isPlaceholder(key)) return 'is a placeholder, not a key';
  const odd = key.search(/[^ -~]/);
  if (odd >= 0) return `has a character that is not printable ASCII at position ${odd + 1}`;
  if (key.length < MIN_LENGTH) return `is too short: ${key.length} characters${expected}`;
  if (key.length > MAX_KEY_LENGTH) return `is too long: ${key.length} characters${expected}`;
  return null;
}

/**
 * Unites `apiKey` and `apiKeys`. One faulty key does not cost the others: rotation is when both kinds stand there.
 * @param single the configured `apiKey`, whatever it holds; undefined when unset
 * @param list the configured `apiKeys`, whatever it holds; undefined when unset
 * @returns `apiKey`: the valid one, or ''. `apiKeys`: all valid keys, `apiKey` first, each once (case aside). `faults`: where a faulty
 *   key stood (`apiKey`, `apiKeys` or `apiKeys[n]`), and why it was not taken
 */
export function collectApiKeys(single: unknown, list: unknown) {
  const keys = new Map<string, string>();
  const faults: { at: string; reason: string }[] = [];
  const refuse = (at: string, reason: string): '' => {
    faults.push({ at, reason });
    return '';
  };
  const take = (at: string, value: unknown): string => {
    if (typeof value !== 'string') return refuse(at, 'is no text in double quotes');
    const key = value.trim();
    if (key === '') return '';
    const reason = keyFault(key);
    if (reason !== null) return refuse(at, reason);
    const folded = foldKey(key);
    if (!keys.has(folded)) keys.set(folded, key);
    return key;
  };

  const apiKey = single === undefined ? '' : take('apiKey', single);
  if (Array.isArray(list)) {
    for (const [index, value] of list.entries()) take(`apiKeys[${index}]`, value);
  } else if (list !== undefined) refuse('apiKeys', 'is no list, expected one like ["first key", "second key"]');
  return { apiKey, apiKeys: [...keys.values()], faults };
}

/** Knows the configured API keys. */
export type KeyRing = ReturnType<typeof createKeyRing>;

/** What stands where a key was. */
export const KEY_REMOVED = '(API key removed)';

const NOT_PRINTABLE_ASCII = /[^ -~]/;
/**
 * Letters, digits and signs as JSON, JSON within JSON and addresses may write them, by which a key or the name `__proto__` goes unseen
 * in the text.
 */
export const ESCAPED_ASCII = /\\(?:u00[2-7]|[/\\])|%[2-7][\da-f]/i;

/**
 * @param keys API keys, already trimmed and checked (see `api-keys.ts`): at most 256 printable ASCII characters
 * @returns a key ring that compares in constant time, with only a–z folded to A–Z: the official resource compares without regard to
 *   case, and folding the whole of Unicode would let `ß` stand for `SS`
 */
export function createKeyRing(keys: readonly string[]) {
  const possible = keys.filter(isPossibleKey);
  const known = possible.map((key) => fillSlot(Buffer.alloc(MAX_KEY_LENGTH), key));
  const offered = Buffer.alloc(MAX_KEY_LENGTH);
  const inBase64 = possible.flatMap(base64Sources);
  const written = possible.flatMap(formsOf).map((form) => JSON.stringify(form).slice(1, -1).toUpperCase());
  const anyWritten = anyOf([...written.map(literally), ...inBase64], 'g');
  const pattern = anyOf([...possible.flatMap(quotedFormsOf).map(literally), ...inBase64], 'gi');
  return {
    /** How many keys there are; with none, nothing is accepted. */
    size: known.length,
    /** @returns whether the text is one of the keys, in the same time whichever part of it is wrong */
    accepts(candidate: string): boolean {
      // What no key can be is told apart by the candidate alone, and so tells nothing about the keys.
      if (!isPossibleKey(candidate)) return false;
      fillSlot(offered, candidate);
      let accepted = false;
      // No early end: the time must not tell which of the keys it was.
      for (const slot of known) accepted = timingSafeEqual(slot, offered) || accepted;
      return accepted;
    },
    /**
     * @param text the JSON that brought one of them
     * @returns whether any of the keys, in any of its forms, may stand in the text beside the one place that it has in it
     */
    isHeldAgain(text: string): boolean {
      // The one place of the key itself is a hit too.
      return (text.toUpperCase().match(anyWritten)?.length ?? 0) > 1;
    },
    /** @returns whether any of the keys may stand in a JSON text, in any of its forms; seldom true of a text that has none */
    mayStandIn: (text: string): boolean => text.toUpperCase().search(anyWritten) >= 0 || ESCAPED_ASCII.test(text),
    /**
     * The one way of every text that goes out.
     *
     * @returns the text without any of the keys: in any case, as it is, URL-encoded, as base64 and base64url, and as JSON writes them
     */
    mask: (text: string, by = KEY_REMOVED): string => text.replace(pattern, () => by),
    /** Finds what `mask` takes out. Without keys it finds nothing. */
    pattern,
  };
}

function isPossibleKey(text: string): boolean {
  return text !== '' && text.length <= MAX_KEY_LENGTH && !NOT_PRINTABLE_ASCII.test(text);
}

function anyOf(sources: readonly string[], flags: string): RegExp {
  return new RegExp([...new Set(sources)].join('|') || '(?!)', flags);
}

const literally = (text: string): string => text.replace(/[^A-Za-z0-9]/g, '\\$&');

/**
 * The forms of a key as texts may quote them again: percent-encoded, in JSON within JSON, with escaped slashes. All of them are
 * literal: an expression that took each letter in each of its ways would hold the game for a quarter of a second when it is compiled.
 */
export function quotedFormsOf(key: string): string[] {
  const written = JSON.stringify(key).slice(1, -1);
  const quoted = [
    encodeURI(key),
    [...key].map((letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`).join(''),
    JSON.stringify(written).slice(1, -1),
    written.replaceAll('/', '\\/'),
  ];
  return [...formsOf(key), ...quoted];
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

/**
 * The forms in which a key may stand in a text, but for base64: as it is (first), URL-encoded, as a form writes it, as JSON writes it,
 * and character by character as JSON may write it.
 *
 * @param key printable ASCII
 */
export function formsOf(key: string): string[] {
  const forms = [
    key,
    encodeURIComponent(key),
    new URLSearchParams([[key, '']]).toString().slice(0, -1),
    JSON.stringify(key).slice(1, -1),
    [...key].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  ];
  return [...new Set(forms)];
}

/** How texts write the two characters of base64 that are neither letter nor digit: in base64url, in addresses, in JSON. */
const SIGNS: Readonly<Record<string, string>> = { '+': '\\+|-|%2B', '/': '\\\\?\\/|_|%2F' };

/**
 * The sources of expressions, in capitals, that find a key as base64 and base64url with each number of bytes before it modulo 3,
 * whichever of its letters are capitals: the bit that makes a capital of a letter lies in one character of the base64, and no character
 * has two such bits. So each character has two ways at most, and the search is linear.
 */
function base64Sources(key: string): string[] {
  return [0, 1, 2].map((offset) => {
    const capitals = base64Within(key.toUpperCase(), offset);
    return [...base64Within(key.toLowerCase(), offset)]
      .map((small, at) => {
        const ways = new Set([small, capitals.charAt(at)].map((letter) => SIGNS[letter] ?? letter.toUpperCase()));
        return ways.size === 1 && small !== '+' && small !== '/' ? [...ways].join('') : `(?:${[...ways].join('|')})`;
      })
      .join('');
  });
}

/**
 * What is the same in the base64 of everything that holds the key after so many bytes: the characters to which a neighbour of the key
 * contributes are left out.
 *
 * @param offset bytes before the key, modulo 3
 */
export function base64Within(key: string, offset: number): string {
  const bytes = Buffer.from(' '.repeat(offset) + key, 'latin1');
  const text = bytes.toString('base64').replace(/=+$/, '');
  const shared = Math.ceil((offset * 8) / 6);
  return text.slice(shared, bytes.length % 3 === 0 ? undefined : -1);
}
