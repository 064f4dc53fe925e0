/** Makes text from outside safe for one console line, as `quoteText` does. */
export type Quote = (text: string) => string;

/** @returns a name in double quotes */
export function shownName(text: string, quote: Quote): string {
  const quoted = quote(text);
  return quoted.startsWith('"') ? quoted : `"${quoted}"`;
}

/** @returns a sentence or address as it is; in double quotes when something in it had to be made safe */
export function shownAsIs(text: string, quote: Quote): string {
  const quoted = quote(text);
  return quoted === `"${text.replaceAll('"', '\\"')}"` ? text : quoted;
}
