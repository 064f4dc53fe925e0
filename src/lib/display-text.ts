/** Control characters, and the marks that turn the direction of everything after them; the line break is kept. */
const UNSHOWN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const LINE_BREAKS = /\r\n?|[\u0085\u2028\u2029]/g;
const MANY_BREAKS = /\n{3,}/g;

/**
 * Makes text fit to be shown in a game, whatever somebody typed: no control characters, no override of the direction of text that
 * would turn what follows it, at most two line breaks in a row, and cut to a length.
 *
 * @param longest characters (code points); what is cut off becomes `…`
 */
export function displayText(text: string, longest: number): string {
  const shown = text
    .toWellFormed()
    .replace(LINE_BREAKS, '\n')
    .replace(UNSHOWN, (character) => (character === '\t' ? ' ' : ''))
    .replace(MANY_BREAKS, '\n\n')
    .trim();
  if (shown.length <= longest) return shown;
  const characters = [...shown];
  return characters.length <= longest ? shown : `${characters.slice(0, longest - 1).join('')}…`;
}
