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
