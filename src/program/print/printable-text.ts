/** Control characters, separators that end a line, and marks that turn the direction of text or have no width. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
/** What terminals show two columns wide. */
const WIDE =
  /\p{Emoji_Presentation}|[\u{1100}-\u{115f}\u{2e80}-\u{303e}\u{3041}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{20000}-\u{3fffd}]/u;

/**
 * Makes text from outside safe for one line of a terminal: line breaks become ` / `, tabs spaces, and what else controls a
 * terminal, turns the direction of text or is not seen becomes `\u{…}`.
 *
 * @param columns of the terminal that the result may take, at least 1; longer text ends in `…`
 */
export function printableText(text: string, columns: number): string {
  let shown = '';
  let width = 0;
  /** Where to cut when one more character does not fit. */
  let fitting = '';
  // By character and not by a pattern over the whole: an event may be a megabyte long, and a line shows the beginning.
  for (const character of text.trim().replace(/\s*[\r\n]\s*/g, ' / ')) {
    const piece = pieceOf(character);
    width += piece === character ? columnsOf(character) : piece.length;
    if (width > columns) return `${fitting}…`;
    shown += piece;
    if (width < columns) fitting = shown;
  }
  return shown;
}

const columnsOf = (character: string): number => (WIDE.test(character) ? 2 : 1);

function pieceOf(character: string): string {
  if (character === '\t') return ' ';
  if (!UNPRINTABLE.test(character)) return character;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
