import { createInterface } from 'node:readline';
import type { FxHost } from '../fx-host.ts';
import { toTerminal } from './terminal.ts';

/** The terminal that somebody types commands into. */
export interface HostConsole {
  /** Prints a line above the one that is being typed. */
  print(line: string): void;
  /** Reads lines from now on. @param complete proposes words that may stand at the end of a line */
  listen(run: (line: string) => void, complete?: (line: string) => string[]): void;
  close(): void;
}

const CLEAR_LINE = '\r\u001b[2K';

/** @param interrupt called on Ctrl+C */
export function createConsole(interrupt: () => void): HostConsole {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  let reader: ReturnType<typeof createInterface> | null = null;
  return {
    print(line) {
      const text = toTerminal(line, process.stdout.isTTY);
      if (reader === null || !isTerminal) return console.log(text);
      process.stdout.write(`${CLEAR_LINE}${text}\n`);
      reader.prompt(true);
    },
    listen(run, complete = () => []) {
      reader = createInterface({
        input: process.stdin,
        // Without an output there is no line editing, which is right for a pipe.
        ...(isTerminal && { output: process.stdout, prompt: '> ', historySize: 1000, removeHistoryDuplicates: true }),
        completer: (line: string) => [complete(line), line.slice(line.lastIndexOf(' ') + 1)],
      });
      reader.on('line', (line) => {
        run(line);
        if (isTerminal) reader?.prompt();
      });
      reader.on('SIGINT', interrupt);
      if (isTerminal) reader.prompt();
    },
    close() {
      reader?.close();
      reader = null;
    },
  };
}

/** Commands whose only argument is a resource. */
const TAKES_RESOURCE: ReadonlySet<string> = new Set(['start', 'stop', 'restart', 'ensure']);

/**
 * Completes a console line: a command's name first, then the name of a resource or the id of a player.
 *
 * @param commands further commands that the console itself has
 * @returns the words that may stand in place of the last one
 */
export function completions(host: FxHost, line: string, commands: readonly string[] = []): string[] {
  const words = line.trimStart().split(/\s+/);
  const last = words.at(-1) ?? '';
  return candidates(host, words, commands)
    .filter((candidate) => candidate.startsWith(last))
    .sort();
}

function candidates(host: FxHost, words: readonly string[], commands: readonly string[]): string[] {
  const [command = ''] = words;
  if (words.length === 1) return [...new Set([...commands, ...host.natives.commands.names()])];
  if (words.length > 2) return [];
  if (TAKES_RESOURCE.has(command)) return host.resourceNames();
  return command === 'as' || command === 'drop' ? host.natives.players.list().map(({ id }) => String(id)) : [];
}
