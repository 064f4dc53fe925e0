/** Every form in which a key could be read back from a text, lower-cased where case does not matter to a reader. */
export interface FormsOfKey {
  /** @returns the first form found in the text, or null */
  foundIn(text: string): string | null;
}

/**
 * Plain in any casing, as an address, a form, HTML, JSON (in all the ways JSON can escape it) or inside of base64, wherever in
 * the encoded bytes the key begins.
 */
export function formsOfKey(key: string): FormsOfKey {
  const written = JSON.stringify(key).slice(1, -1);
  const folded = [
    key,
    [...key].reverse().join(''),
    encodeURI(key),
    encodeURIComponent(key),
    [...key].map((letter) => `%${hex(letter, 2)}`).join(''),
    new URLSearchParams({ key }).toString().slice('key='.length),
    key.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;'),
    written,
    JSON.stringify(written).slice(1, -1),
    written.replaceAll('/', '\\/'),
    [...key].map((letter) => `\\u${hex(letter, 4)}`).join(''),
    [...key].map((letter) => hex(letter, 2)).join(''),
  ].map((form) => form.toLowerCase());
  const exact = casesOf(key).flatMap((text) => [0, 1, 2].flatMap((at) => base64(text, at)));
  return {
    foundIn(text) {
      const lower = text.toLowerCase();
      return folded.find((form) => lower.includes(form)) ?? exact.find((form) => text.includes(form)) ?? null;
    },
  };
}

/** As it is, all small, all large, and in a mixture: a key is accepted in any. */
function casesOf(key: string): string[] {
  const mixed = [...key].map((letter, at) => (at % 3 === 0 ? letter.toUpperCase() : letter.toLowerCase())).join('');
  return [key, key.toLowerCase(), key.toUpperCase(), mixed];
}

function hex(letter: string, digits: number): string {
  return letter.charCodeAt(0).toString(16).padStart(digits, '0');
}

/** The digits that depend on the text alone when it begins so many bytes after a multiple of three. */
function base64(text: string, at: number): string[] {
  const digits = Buffer.from('\0'.repeat(at) + text).toString('base64');
  const first = Math.ceil((at * 8) / 6);
  const stable = digits.slice(first, Math.floor(((at + text.length) * 8) / 6));
  return [stable, stable.replaceAll('+', '-').replaceAll('/', '_')];
}

/** How a key may be written, in each of the forms that must be masked. */
export function writingsOf(key: string): string[] {
  const written = JSON.stringify(key).slice(1, -1);
  const escaped = (digits: (code: string) => string) =>
    [...key].map((letter) => `\\u${digits(hex(letter, 4))}`).join('');
  const exact = casesOf(key).flatMap((text) => [0, 1, 2].flatMap((at) => base64(text, at)));
  return [
    key,
    key.toLowerCase(),
    key.toUpperCase(),
    encodeURIComponent(key),
    encodeURIComponent(key).toLowerCase(),
    [...key].map((letter) => `%${hex(letter, 2)}`).join(''),
    new URLSearchParams({ key }).toString().slice('key='.length),
    written,
    written.replaceAll('/', '\\/'),
    JSON.stringify(written).slice(1, -1),
    escaped((code) => code),
    escaped((code) => code.toUpperCase()),
    ...exact,
    ...exact.map((form) => encodeURIComponent(form)),
    ...exact.map((form) => form.replaceAll('/', '\\/')),
  ];
}
