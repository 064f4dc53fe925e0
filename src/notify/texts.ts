import { displayText } from '../lib/text.ts';

/** Nothing to see, but it stands between a caret and what would make a colour or a style of it. */
const ZERO_WIDTH_SPACE = '\u200b';

/**
 * @returns text that the chat shows as it is. It has no escape for its codes (`^1`, `^*`, `^r` …), and escapes HTML without our doing. Lines
 *   are joined: a second one would look like the message of another player.
 */
export function escapeChat(text: string): string {
  return text.replace(/\^(?=[0-9*_~=/r])/g, `^${ZERO_WIDTH_SPACE}`).replace(/[ \n]+/g, withoutBreaks);
}

/** A run of spaces and breaks, found as a whole: a pattern for the break with spaces around it takes quadratic time over spaces. */
const withoutBreaks = (space: string): string => (space.includes('\n') ? ' / ' : space);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** @returns HTML that shows the text as it is, line breaks included */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '').replaceAll('\n', '<br>');
}

// CommonMark lets a backslash stand before any ASCII punctuation (spec 0.31, section 2.4), so that none of it has a meaning.
const PUNCTUATION = /[!-/:-@[-`{-~]/g;
/** Four spaces at the beginning of a line would make code of it. */
const INDENT = /^[ \t]+/gm;

/** @returns Markdown that shows the text as it is, line breaks included; nothing in it is a link or an image */
export function escapeMarkdown(text: string): string {
  return text.replace(INDENT, '').replace(PUNCTUATION, '\\$&').replaceAll('\n', '  \n');
}

// The game has no escape for its codes (`~r~`) and tags (`<font>`): the nearest characters that its fonts have stand in.
const STAND_INS: Readonly<Record<string, string>> = { '~': '˜', '<': '‹', '>': '›' };

/** @returns text that the game's own notifications show (nearly) as it is, on several lines where it has some */
export function escapeNative(text: string): string {
  return text.replace(/[~<>]/g, (character) => STAND_INS[character] ?? '').replaceAll('\n', '~n~');
}

/** Stands where a value is missing. */
const DASH = '–';

/** Characters of one value that are shown: a whole story in one field leaves room for the others. */
const LONGEST_VALUE = 400;

const PLACEHOLDER = /\{([\w-]+(?:\.[\w-]+)*)\}/g;

/**
 * Fills `{path}` placeholders in one pass: what a value brings in is never looked at again.
 *
 * @param values what the paths lead into; texts, numbers and booleans are shown, all else is missing
 */
export function fillTemplate(template: string, values: unknown): string {
  return template.replace(PLACEHOLDER, (_placeholder, path: string) => shown(readPath(values, path)));
}

function shown(value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'boolean') return String(value);
  return (typeof value === 'string' && displayText(value, LONGEST_VALUE)) || DASH;
}

/**
 * Reads a value by a path like `call.metaData.postal`. Only what an object has itself is found, never what it inherits.
 *
 * @returns undefined where there is nothing
 */
export function readPath(values: unknown, path: string): unknown {
  let found = values;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}
