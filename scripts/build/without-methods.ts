/**
 * Leaves methods or functions out of a package's file, of which no bundler can tell that nobody calls them. The file has to be
 * formatted: each of them on lines of its own, and its last brace in the column where it began.
 *
 * @param column spaces before each of them
 * @param isUncalled asked for the name of each
 */
export function withoutMethods(source: string, column: number, isUncalled: (name: string) => boolean): string {
  const begin = `^ {${column}}(?:static |async |function |get |set )*(\\w+)(?:: (?:async )?function \\w+)? ?\\([^)]*\\) \\{\\n`;
  const method = new RegExp(`${begin}(?:.*\\n)*? {${column}}\\},?\\n`, 'gm');
  return source.replaceAll('\r\n', '\n').replace(method, (text, name: string) => (isUncalled(name) ? '' : text));
}
