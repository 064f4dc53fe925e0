import { describeFindings } from '../lib/finding.ts';
import { consoleText, displayText, reasonOf } from '../lib/text.ts';
import { escapeChat } from '../notify/texts.ts';
import type { ClientEvents } from '../platform/events.ts';
import { createForwardCommand } from './forward-command.ts';
import {
  createConfigCommand,
  createDebugCommand,
  createEventsCommand,
  createInspectCommand,
  createReloadCommand,
} from './inspect-commands.ts';
import { createCallsCommand, createPlayerCommand, createUnitsCommand } from './state-commands.ts';
import type { OperatorParts, Subcommand } from './subcommand.ts';
import { createTestCommand } from './test-command.ts';

/** A command as the game server calls it. @param source who runs it: a player's server id, 0 for the console */
type Command = (source: number, words: readonly string[]) => void;

/** The operator's command, named as the resource's folder. */
export function createOperatorCommand({ write, clients, ...parts }: OperatorParts & PrintOptions): Command {
  const subcommands = {
    status: parts.status,
    units: createUnitsCommand(parts),
    calls: createCallsCommand(parts),
    player: createPlayerCommand(parts),
    test: createTestCommand(parts),
    doctor: {
      description: 'checks everything from the key to your web servers, and says what to do',
      run: async () => describeFindings(await parts.doctor()),
    },
    register: createRegisterCommand(parts),
    debug: createDebugCommand(parts),
    reload: createReloadCommand(parts),
    forward: createForwardCommand(parts),
    inspect: createInspectCommand(parts),
    events: createEventsCommand(parts),
    config: createConfigCommand(parts),
  };
  return createCommand(parts.name, subcommands, createPrint({ write, clients }));
}

/** `register`: the operator says that the CAD's list of servers is right as it is, so that this server may be entered into it. */
export function createRegisterCommand({ name, register }: Pick<OperatorParts, 'name' | 'register'>): Subcommand {
  return {
    description: "adds this server to the CAD's list, also when the list is empty or lacks servers that it had",
    run(_words, source) {
      if (source > 0) return [`"${name} register" is for the server's own console.`];
      register();
      return ["The resource reads the CAD's list twice before it writes. The result appears here within 15 seconds."];
    },
  };
}

/** More of one answer would push everything else out of a player's chat. */
const MAX_CHAT_LINES = 30;
/** Characters that are shown of an unknown word. */
const LONGEST_WORD = 40;

/**
 * Makes a command of its subcommands, and adds `help`.
 *
 * @param print writes one line to the console, and to the player whose server id comes with it unless that is 0
 */
export function createCommand(
  name: string,
  subcommands: Readonly<Record<string, Subcommand>>,
  print: (line: string, source: number) => void,
): Command {
  const help = () => [
    ...Object.entries(subcommands).map(
      ([word, { usage, description }]) => `${name} ${word}${usage === undefined ? '' : ` ${usage}`}: ${description}`,
    ),
    `${name} help: all commands`,
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

interface PrintOptions {
  /** Takes one whole line for the server's console. */
  write(line: string): void;
  readonly clients: Pick<ClientEvents, 'send'>;
}

const LONGEST_CHAT_LINE = 1_000;

/**
 * @returns a function that prints one line of an answer: always to the server's console, and to the chat of the player who asked
 *   (0 is the console). What people typed into the CAD is shown as they typed it in both.
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
