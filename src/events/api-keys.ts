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
