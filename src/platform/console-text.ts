/** Control characters, separators that end a line, and marks that turn the direction of text or have no width. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** What follows the caret of a colour code. */
const COLOUR_CODE = /\^(?=[0-9A-Za-z*_~=])/g;

/** @returns text that the console shows on one line and as it is: nothing in it ends the line, moves what is printed or colours it */
export function consoleText(text: string): string {
  return text
    .replaceAll('\n', '\\n')
    .replace(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(COLOUR_CODE, '^\\');
}
