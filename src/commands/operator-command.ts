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

/** Creates the operator's command with all its subcommands. */
export function createOperatorCommand(parts: OperatorParts & PrintParts): OperatorCommand {
  const subcommands = {
    status: parts.status,
    units: createUnitsCommand(parts),
    calls: createCallsCommand(parts),
    player: createPlayerCommand(parts),
    test: createTestCommand(parts),
    doctor: {
      description: 'checks everything from the key to your web servers, and says what to do',
      run: async () => describeFindings(await parts.doctor.examine()),
    },
    register: createRegisterCommand(parts),
    debug: createDebugCommand(parts),
    reload: createReloadCommand(parts),
    forward: createForwardCommand(parts),
    inspect: createInspectCommand(parts),
    events: createEventsCommand(parts),
    config: createConfigCommand(parts),
  };
  return new OperatorCommand(parts.name, subcommands, (line, source) => printAnswerLine(line, source, parts));
}

interface RegisterParts {
  readonly name: string;
  readonly link: Pick<OperatorParts['link'], 'register'>;
}

/** `register`: adds this server to the CAD's server list, on the operator's word that the list is right as it is. */
export function createRegisterCommand({ name, link }: RegisterParts): Subcommand {
  return {
    description: "adds this server to the CAD's list, also when the list is empty or lacks servers that it had",
    run(_words, source) {
      if (source > 0) return [`"${name} register" can be run only in the server's console.`];
      link.register();
      return ["The resource reads the CAD's list twice before it writes. The result appears here within 15 seconds."];
    },
  };
}

/** Lines of one answer that a player's chat shows. The console shows all of them. */
const MAX_CHAT_LINES = 30;
/** Characters of an unknown word that the answer repeats. */
const MAX_WORD_LENGTH = 40;

/** Prints one line of an answer. @param source server id of the player who asked, 0 for the console */
type PrintLine = (line: string, source: number) => void;

/** A command whose first word chooses a subcommand. Answers `help` itself. */
export class OperatorCommand {
  readonly #name: string;
  readonly #subcommands: Readonly<Record<string, Subcommand>>;
  readonly #print: PrintLine;

  constructor(name: string, subcommands: Readonly<Record<string, Subcommand>>, print: PrintLine) {
    this.#name = name;
    this.#subcommands = subcommands;
    this.#print = print;
  }

  /** Runs the command. @param source server id of the player who runs it, 0 for the console */
  run(source: number, [typed = 'help', ...words]: readonly string[]): void {
    const word = typed.toLowerCase();
    const subcommand = Object.hasOwn(this.#subcommands, word) ? this.#subcommands[word] : undefined;
    if (subcommand === undefined) {
      this.#answer(this.#help(typed), source);
      return;
    }

    const lines = subcommand.run(words, source);
    if (!('then' in lines)) {
      this.#answer(lines, source);
      return;
    }
    lines
      .then((answer) => this.#answer(answer, source))
      .catch((thrown: unknown) => this.#print(`${this.#name} ${word} failed: ${reasonOf(thrown)}`, source));
  }

  #help(typed: string): string[] {
    const lines = Object.entries(this.#subcommands).map(([word, { usage, description }]) => {
      const parameters = usage === undefined ? '' : ` ${usage}`;
      return `${this.#name} ${word}${parameters}: ${description}`;
    });
    lines.push(`${this.#name} help: all commands`);
    if (typed.toLowerCase() !== 'help') {
      lines.unshift(`There is no command "${[...typed].slice(0, MAX_WORD_LENGTH).join('')}".`);
    }
    return lines;
  }

  #answer(lines: readonly string[], source: number): void {
    for (const [index, line] of lines.entries()) this.#print(line, index < MAX_CHAT_LINES ? source : 0);
    if (source > 0 && lines.length > MAX_CHAT_LINES) {
      this.#print(`… and ${lines.length - MAX_CHAT_LINES} more lines in the server's console`, source);
    }
  }
}

interface PrintParts {
  /** Writes one whole line to the server's console. */
  write(line: string): void;
  /** Replaces API keys in a text. */
  mask(text: string): string;
  readonly clients: Pick<ClientEvents, 'send'>;
}

const MAX_CHAT_LINE_LENGTH = 1_000;

/**
 * Prints one line of an answer to the server's console, and to the chat of the player who asked. Colour codes and
 * control characters of text from the CAD are shown as characters and have no effect.
 *
 * @param source server id of the player who asked, 0 for the console
 */
export function printAnswerLine(line: string, source: number, { write, mask, clients }: PrintParts): void {
  write(mask(consoleText(line)));
  if (source <= 0) return;
  // The chat's font has no fixed width, so columns separated by spaces would run together.
  const text = escapeChat(displayText(line.replace(/ {2,}/g, ' · '), MAX_CHAT_LINE_LENGTH));
  clients.send('chat:addMessage', source, { args: [text] });
}
