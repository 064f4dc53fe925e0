/**
 * Characters that begin Markdown, a mention, a link or an emoji in Discord. Lists, quotes, headings and numbered items
 * count only at the start of a line. A colon between two digits is a time of day and stays.
 */
const SPECIAL =
  /[\\*_~`|[\]<@]|:(?!\d)|(?<!\d):|[#>](?<=^[^\S\n]*[#>])|[-+](?<=^[^\S\n]*[-+])(?=[\s#]|$)|[.)](?<=^[^\S\n]*\d{1,9}[.)])(?=\s|$)/gm;
/** Control characters, which are invisible. Discord refuses messages with some of them. */
const CONTROL = /[\0-\t\v-\x1f\x7f]+/g;

/**
 * Escapes text, so that a Discord message shows it as people typed it.
 *
 * @param {string} text
 * @param {number} limit the most UTF-16 code units of the result, at least 1
 * @returns {string} the escaped text, truncated between two characters, or '' if nothing would be visible
 */
export function shownText(text, limit) {
  // Escaping only lengthens text, so characters after `limit` can never be part of the result.
  const whole = text.toWellFormed().replace(/\r\n?/g, '\n').replace(CONTROL, ' ').trim();
  const escaped = whole
    .slice(0, limit + 1)
    .toWellFormed()
    .replace(SPECIAL, '\\$&');
  return cut(escaped, limit);
}

/**
 * Truncates escaped text without splitting an escape or a surrogate pair.
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
