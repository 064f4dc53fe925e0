/** One method or function with its lines: its last brace stands in the column where it began, as every formatter has it. */
function patternOf(column: number): RegExp {
  const begin = `^ {${column}}(?:static |async |function |get |set )*(\\w+)(?:: (?:async )?function \\w+)? ?\\([^)]*\\) \\{\\n`;
  return new RegExp(`${begin}(?:.*\\n)*? {${column}}\\},?\\n`, 'gm');
}

/**
 * Leaves methods or functions out of a package's file, of which no bundler can tell that nobody calls them.
 *
 * @param column spaces before each of them
 * @throws when one of the names is not there: the package has changed, and with it what can be left out
 */
export function withoutMethods(source: string, column: number, names: readonly string[]): string {
  const uncalled = new Set(names);
  return pick(source, column, names, (name) => !uncalled.has(name));
}

/** The same, leaving out all but those that are named. */
export function withOnlyMethods(source: string, column: number, names: readonly string[]): string {
  const called = new Set(names);
  return pick(source, column, names, (name) => called.has(name));
}

function pick(source: string, column: number, names: readonly string[], isKept: (name: string) => boolean): string {
  const missing = new Set(names);
  const picked = withUnixLines(source).replace(patternOf(column), (text, name: string) => {
    missing.delete(name);
    return isKept(name) ? text : '';
  });
  if (missing.size > 0) throw new Error(`There is no ${[...missing].join(', ')} any more in what is bundled.`);
  return picked;
}

/** @throws when there is nothing to replace */
export function replaceIn(source: string, pattern: RegExp, replacement: string): string {
  const replaced = withUnixLines(source).replace(pattern, replacement);
  if (replaced === withUnixLines(source)) throw new Error(`Nothing in what is bundled is like ${pattern} any more.`);
  return replaced;
}

function withUnixLines(source: string): string {
  return source.replaceAll('\r\n', '\n');
}
