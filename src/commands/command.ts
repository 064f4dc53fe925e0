import { consoleText, displayText, reasonOf } from '../lib/text.ts';
import { escapeChat } from '../notify/escapes.ts';
import type { ClientEvents } from '../platform/events.ts';

/** One word after the command's name, and what it does. */
export interface Subcommand {
  /** What may follow the word, for `help`. */
  readonly usage?: string;
  /** One line for `help`. */
  readonly description: string;
  /**
   * @param words what follows
   * @param source who runs it: a player's server id, 0 for the console
   * @returns lines to print, at once or when they are there
   */
  run(words: readonly string[], source: number): readonly string[] | Promise<readonly string[]>;
}

/** More of one answer would push everything else out of a player's chat. */
const MAX_CHAT_LINES = 30;
/** Characters of a word that is none of ours. */
const LONGEST_WORD = 40;

/**
 * Makes a command of its subcommands, with `help` for those who do not know them.
 *
 * @param print writes one line to the console, and to the player whose server id comes with it unless that is 0
 * @returns what is called with who runs the command and the words after its name
 */
export function createCommand(
  name: string,
  subcommands: Readonly<Record<string, Subcommand>>,
  print: (line: string, source: number) => void,
): (source: number, words: readonly string[]) => void {
  const help = () => [
    ...Object.entries(subcommands).map(([word, { usage, description }]) => {
      const line = usage === undefined ? word : `${word} ${usage}`;
      return `${name} ${line}: ${description}`;
    }),
    `${name} help: what there is`,
  ];
  const unknown = (word: string) =>
    word.toLowerCase() === 'help' ? [] : [`There is no "${[...word].slice(0, LONGEST_WORD).join('')}".`];
  function answer(lines: readonly string[], source: number): void {
    for (const [index, line] of lines.entries()) print(line, index < MAX_CHAT_LINES ? source : 0);
    if (source > 0 && lines.length > MAX_CHAT_LINES)
      print(`… and ${lines.length - MAX_CHAT_LINES} more lines in the server's console`, source);
  }
  return (source, [word = 'help', ...rest]) => {
    const chosen = Object.hasOwn(subcommands, word.toLowerCase()) ? subcommands[word.toLowerCase()] : undefined;
    const lines = chosen === undefined ? [...unknown(word), ...help()] : chosen.run(rest, source);
    if (!('then' in lines)) {
      answer(lines, source);
      return;
    }
    lines
      .then((later) => answer(later, source))
      .catch((thrown: unknown) => print(`${name} ${word.toLowerCase()} failed: ${reasonOf(thrown)}`, source));
  };
}

export interface PrintOptions {
  /** Takes one whole line for the server's console. */
  write(line: string): void;
  readonly clients: Pick<ClientEvents, 'send'>;
}

const LONGEST_CHAT_LINE = 1_000;

/**
 * @returns a function that prints one line of an answer: always to the server's console, and to the chat of the player who asked
 *   (0 is nobody). What people typed into the CAD is shown as they typed it in both.
 */
export function createPrint({ write, clients }: PrintOptions): (line: string, source: number) => void {
  return (line, source) => {
    write(consoleText(line));
    if (source <= 0) return;
    // The chat has no fixed width: columns that stand apart by spaces would run together.
    const text = escapeChat(displayText(line.replace(/ {2,}/g, ' · '), LONGEST_CHAT_LINE));
    clients.send('chat:addMessage', source, { args: [text] });
  };
}
