/** One word after the command's name, and what it does. */
export interface Subcommand {
  /** One line for `help`. */
  readonly description: string;
  /** @param words what follows. @returns lines to print */
  run(words: readonly string[]): readonly string[];
}

/**
 * Makes a command of its subcommands, with `help` for those who do not know them.
 *
 * @param print writes one line
 * @returns what is called with the words after the command's name
 */
export function createCommand(
  name: string,
  subcommands: Readonly<Record<string, Subcommand>>,
  print: (line: string) => void,
): (words: readonly string[]) => void {
  const help = () => [
    `${name} help: what there is`,
    ...Object.entries(subcommands).map(([word, { description }]) => `${name} ${word}: ${description}`),
  ];
  return ([word = 'help', ...rest]) => {
    const chosen = Object.hasOwn(subcommands, word.toLowerCase()) ? subcommands[word.toLowerCase()] : undefined;
    const lines = chosen === undefined ? help() : chosen.run(rest);
    for (const line of lines) print(line);
  };
}
