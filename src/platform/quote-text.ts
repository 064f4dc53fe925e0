/** Characters of a value that are shown in a console line. */
const MAX_SHOWN = 200;

/** Control characters, separators that end a line, and marks that turn the direction of text or have no width. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const PLAIN = /^[\w./:@+,-]+$/;

/**
 * Makes text from outside safe for one console line: control characters, escapes, marks of direction and line separators
 * become `\u{…}`, the console's colour codes (`^1`) are taken apart, and it is cut at 200 characters.
 *
 * @param text whatever somebody sent
 * @returns the text as it is when it is one plain word, else in double quotes
 */
export function quoteText(text: string): string {
  const cut = text.length > MAX_SHOWN ? `${[...text.slice(0, MAX_SHOWN + 1)].slice(0, MAX_SHOWN).join('')}…` : text;
  if (PLAIN.test(cut)) return cut;
  const shown = cut
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replace(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
    // A console colour code is a caret and a digit or letter: the escape keeps both readable and apart.
    .replace(/\^(?=[0-9A-Za-z*_~=])/g, '^\\');
  return `"${shown}"`;
}
