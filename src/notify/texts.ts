import { displayText } from '../lib/text.ts';

/** An invisible character that keeps a caret from forming a colour or style code with the next character. */
const ZERO_WIDTH_SPACE = '\u200b';

/**
 * Escapes text for the chat. The chat escapes HTML itself, but has no escape for its own codes (`^1`, `^*`, `^r`).
 * Line breaks become slashes, because a second line would look like another player's message.
 */
export function escapeChat(text: string): string {
  const withoutCodes = text.replace(/\^(?=[0-9*_~=/r])/g, `^${ZERO_WIDTH_SPACE}`);
  // Matches whole runs of white space: a pattern for a line break between spaces takes quadratic time over many spaces.
  return withoutCodes.replace(/[ \n]+/g, (run) => (run.includes('\n') ? ' / ' : run));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for HTML. Line breaks become `<br>`. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '').replaceAll('\n', '<br>');
}

// CommonMark allows a backslash before any ASCII punctuation, which makes it literal (spec 0.31, section 2.4).
const PUNCTUATION = /[!-/:-@[-`{-~]/g;
/** Four spaces at the start of a line would make the line a code block. */
const INDENT = /^[ \t]+/gm;

/** Escapes text for Markdown. Line breaks stay; links and images become plain text. */
export function escapeMarkdown(text: string): string {
  return text.replace(INDENT, '').replace(PUNCTUATION, '\\$&').replaceAll('\n', '  \n');
}

// The game has no escape for its codes (`~r~`) and tags (`<font>`). Similar characters of its fonts replace them.
const SIMILAR_CHARACTERS: Readonly<Record<string, string>> = { '~': '˜', '<': '‹', '>': '›' };

/** Escapes text for the game's own notifications. `~`, `<` and `>` become similar characters, line breaks `~n~`. */
export function escapeNative(text: string): string {
  return text.replace(/[~<>]/g, (character) => SIMILAR_CHARACTERS[character] ?? '').replaceAll('\n', '~n~');
}

/** Replaces a missing value in a template. */
const DASH = '–';

/** Longer values are truncated to this many characters, so that one long field leaves room for the others. */
const MAX_VALUE_LENGTH = 400;

const PLACEHOLDER = /\{([\w-]+(?:\.[\w-]+)*)\}/g;

/**
 * Fills the `{path}` placeholders of a template. Placeholders inside a value are not filled.
 *
 * @param values the data that paths are looked up in; a value other than text, number or boolean counts as missing
 */
export function fillTemplate(template: string, values: unknown): string {
  return template.replace(PLACEHOLDER, (_placeholder, path: string) => formatValue(readPath(values, path)));
}

function formatValue(value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return displayText(value, MAX_VALUE_LENGTH) || DASH;
  return DASH;
}

/** Reads the value at a path like `call.metaData.postal`. Inherited properties do not count. */
export function readPath(values: unknown, path: string): unknown {
  let value = values;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}
