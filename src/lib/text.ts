/**
 * What went wrong, in the words of whatever was thrown: errors of other resources are not of this resource's `Error`, promises refused
 * across resources give a text, and anybody may throw anything.
 */
export function reasonOf(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  const message = typeof thrown === 'object' && thrown !== null && 'message' in thrown ? thrown.message : undefined;
  return typeof message === 'string' ? message : 'no reason given';
}

/** Control characters, separators that end a line, and marks that turn the direction of text or have no width. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** What follows the caret of a console's colour code. */
const COLOUR_CODE = /\^(?=[0-9A-Za-z*_~=])/g;

/**
 * Spells out what a console would act on instead of showing it: control characters, escapes, marks of direction and line
 * separators become `\u{…}`, and a colour code's caret is parted from what follows (`^1` becomes `^\1`), which keeps both readable.
 */
export function spellOut(text: string): string {
  return text
    .replace(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(COLOUR_CODE, '^\\');
}

/** Characters of a value that are shown in a console line. */
const MAX_SHOWN = 200;

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
  const escaped = cut
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return `"${spellOut(escaped)}"`;
}

/** @returns text that the console shows on one line and as it is: nothing in it ends the line, moves what is printed or colours it */
export function consoleText(text: string): string {
  return spellOut(text.replaceAll('\n', '\\n'));
}
