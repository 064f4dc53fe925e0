/** Nothing to see, but it stands between a caret and what would make a colour or a style of it. */
const ZERO_WIDTH_SPACE = '\u200b';

/**
 * @returns text that the chat shows as it is. It has no escape for its codes (`^1`, `^*`, `^r` …), and escapes HTML by itself. Lines
 *   are joined: a second one would look like a message of somebody else.
 */
export function escapeChat(text: string): string {
  return text.replace(/\^(?=[0-9*_~=/r])/g, `^${ZERO_WIDTH_SPACE}`).replace(/ *\n+ */g, ' / ');
}
