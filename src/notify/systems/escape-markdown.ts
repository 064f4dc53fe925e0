// CommonMark lets a backslash stand before any ASCII punctuation (spec 0.31, section 2.4), so that none of it has a meaning.
const PUNCTUATION = /[!-/:-@[-`{-~]/g;
/** Four spaces at the beginning of a line would make code of it. */
const INDENT = /^[ \t]+/gm;

/** @returns Markdown that shows the text as it is, line breaks included; nothing in it is a link or an image */
export function escapeMarkdown(text: string): string {
  return text.replace(INDENT, '').replace(PUNCTUATION, '\\$&').replaceAll('\n', '  \n');
}
