/**
 * The forms in which a key may stand in a text: as it is (first), URL-encoded, as a form writes it, as JSON writes it, character by
 * character as JSON may write it, and as base64, by itself or within something longer.
 *
 * @param key printable ASCII
 */
export function formsOf(key: string): string[] {
  // The CAD's case need not be ours, and of base64 the case of its letters says nothing.
  const cased = [key, key.toUpperCase(), key.toLowerCase()];
  const base64 = cased.flatMap((text) => [0, 1, 2].map((offset) => base64Within(text, offset)));
  const forms = [
    key,
    encodeURIComponent(key),
    new URLSearchParams([[key, '']]).toString().slice(0, -1),
    JSON.stringify(key).slice(1, -1),
    [...key].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
  return [...new Set(forms)];
}

/**
 * What is the same in the base64 of everything that holds the key after so many bytes: the characters to which a neighbour of the key
 * contributes are left out.
 *
 * @param offset bytes before the key, modulo 3
 */
function base64Within(key: string, offset: number): string {
  const bytes = Buffer.from(' '.repeat(offset) + key, 'latin1');
  const text = bytes.toString('base64').replace(/=+$/, '');
  const shared = Math.ceil((offset * 8) / 6);
  return text.slice(shared, bytes.length % 3 === 0 ? undefined : -1);
}
