/**
 * What Discord would read as Markdown, a mention, a link or an emoji. Lists, quotes, headings and numbered items count
 * only at the start of a line; a colon between digits is a time of day.
 */
const SPECIAL =
  /[\\*_~`|[\]<@]|:(?!\d)|(?<!\d):|[#>](?<=^[^\S\n]*[#>])|[-+](?<=^[^\S\n]*[-+])(?=[\s#]|$)|[.)](?<=^[^\S\n]*\d{1,9}[.)])(?=\s|$)/gm;
/** They show nothing, and some make Discord refuse the message. */
const CONTROL = /[\0-\t\v-\x1f\x7f]+/g;

/**
 * Makes text that people typed show as typed in a Discord message.
 *
 * @param {string} text
 * @param {number} limit most UTF-16 units of the result, at least 1
 * @returns {string} the text escaped, cut between two characters; empty when nothing would show
 */
export function shownText(text, limit) {
  // What is escaped only gets longer: more than `limit` of it never shows.
  const whole = text.toWellFormed().replace(/\r\n?/g, '\n').replace(CONTROL, ' ').trim();
  const escaped = whole
    .slice(0, limit + 1)
    .toWellFormed()
    .replace(SPECIAL, '\\$&');
  return cut(escaped, limit);
}

/**
 * Cuts escaped text without leaving half of an escape or of a character.
 *
 * @param {string} escaped
 * @param {number} limit
 */
function cut(escaped, limit) {
  if (escaped.length <= limit) return escaped;
  let end = limit - 1;
  if (/[\uD800-\uDBFF]/.test(escaped.charAt(end - 1))) end -= 1;
  const kept = escaped.slice(0, end);
  const backslashes = /\\*$/.exec(kept)?.[0].length ?? 0;
  return `${kept.slice(0, backslashes % 2 === 0 ? end : -1).trimEnd()}…`;
}
