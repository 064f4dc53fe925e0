/**
 * What went wrong, in the words of whatever was thrown: errors of other resources are not of this resource's `Error`, promises refused
 * across resources give a text, and anybody may throw anything.
 */
export function reasonOf(thrown: unknown): string {
  const message = typeof thrown === 'object' && thrown !== null && 'message' in thrown ? thrown.message : thrown;
  if (typeof message !== 'string' || message === '') return 'no reason given';
  // What the game server says of a function of a Lua resource that failed; it has printed the error itself.
  const isFailedLua = message.startsWith('Error in nested ref call') && message.endsWith(' restart recently?)');
  if (isFailedLua) return 'see the SCRIPT ERROR above';
  return SCRIPT_ERROR.exec(message)?.[1] ?? message;
}

/** What the game server makes of an error in a function of another resource: its message, coloured, and a stack trace below. */
const SCRIPT_ERROR = /^\^1SCRIPT ERROR(?: in call ref)?: (?:\w*Error: )?(.+?)\^7(?:\n|$)/s;

/** @returns the code of what was thrown, such as `ENOENT`: unlike its message, it quotes nothing */
export function errorCodeOf(thrown: unknown): string {
  const { code } = (thrown ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'unknown';
}

/**
 * How often a text ends in a character. A pattern (`/=+$/`) would begin anew at each of them, and take quadratic time over many that stand
 * elsewhere.
 */
export function endingRun(text: string, character: string): number {
  let length = 0;
  while (text.charAt(text.length - 1 - length) === character) length += 1;
  return length;
}

/** Control characters, separators that end a line, and marks that turn the direction of text or have no width. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** @returns text with `\u{…}` in place of every character that controls a terminal, turns the direction of text or is not seen */
export function spellUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** @returns a value as JSON on one line, without a character that a terminal, or a reader of lines, would act on */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(UNPRINTABLE, (character) =>
    Array.from({ length: character.length }, (_, at) => character.charCodeAt(at).toString(16).padStart(4, '0'))
      .map((unit) => `\\u${unit}`)
      .join(''),
  );
}

/** What follows the caret of a console's colour code. */
const COLOUR_CODE = /\^(?=[0-9A-Za-z*_~=])/g;

/**
 * Spells out what a console would act on instead of showing it: what `spellUnprintable` does, and a colour code's caret is parted
 * from what follows (`^1` becomes `^\1`), which keeps both readable.
 */
export function spellOut(text: string): string {
  return spellUnprintable(text).replace(COLOUR_CODE, '^\\');
}

/** Characters of a value that are shown in a console line. */
const MAX_SHOWN = 200;

const PLAIN = /^[\w./:@+,-]+$/;

/**
 * Makes text from outside safe for one console line: control characters, escapes, marks of direction and line separators
 * become `\u{…}`, the console's colour codes (`^1`) are taken apart, and it is cut at 200 characters.
 *
 * @param text as it was sent
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

/** As `UNPRINTABLE`, but for the line break and the marks without a width that emoji and some scripts are written with. */
const UNSHOWN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const LINE_BREAKS = /\r\n?|[\u0085\u2028\u2029]/g;
const MANY_BREAKS = /\n{3,}/g;

/**
 * Makes text fit to be shown in a game, as people typed it: no control characters, no override of the direction of text that
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

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

/**
 * The known name nearest to a misspelt one, without regard to case.
 * @returns null when more than half of the name would have to change: a wild guess misleads
 */
export function nearestKey(name: string, known: Iterable<string>): string | null {
  const wanted = name.toLowerCase().slice(0, 64);
  let nearest: string | null = null;
  let least = Math.ceil(wanted.length / 2) + 1;
  for (const candidate of known) {
    // Each character more or less is a change already.
    if (Math.abs(candidate.length - wanted.length) >= least) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}
