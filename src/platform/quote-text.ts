import { spellOut } from '../text/spell-out.ts';

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
