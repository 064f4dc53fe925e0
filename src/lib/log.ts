import type { Clock } from './clock.ts';
import { type LogFields, type LogLevel, type LogLines, RepeatedLines } from './repeated-lines.ts';
import { quoteText } from './text.ts';

export type { LogFields, LogLevel } from './repeated-lines.ts';

/** Writes console lines of the form `[level] message key=value`. */
export interface Log extends LogLines {
  /**
   * For lines that input from outside can cause: prints a message once for each origin, and counts its repeats.
   * Debug lines are all printed.
   *
   * @param origin fields by which repeats are recognised, such as a target and the kind of its failure. Fields that
   *   differ from line to line, such as an event's id, go into the line instead
   */
  coalesce(origin: LogFields): LogLines;
}

export interface ConsoleLog extends Log {
  /** Prints the counts of repeats that are left, and ends all timers. */
  stop(): void;
}

interface LogOptions {
  /** Takes one whole line, in the game server's colour codes. */
  write(line: string): void;
  readonly clock: Clock;
  /** Debug lines are written only while this is true; asked each time, so that it can be switched while running. */
  isDebug(): boolean;
  /** @returns a text without what must not be shown; before it is cut, which would leave a part */
  mask(text: string): string;
}

const COLOURS: Readonly<Record<LogLevel, string>> = { debug: '^5', info: '^2', warn: '^3', error: '^1' };

/** The one way to the console. */
export function createLog(options: LogOptions): ConsoleLog {
  function line(level: LogLevel, message: string, fields: LogFields = {}): void {
    const shown = Object.entries(fields).filter(([, value]) => value !== undefined);
    const rest = shown.map(
      ([name, value]) => ` ${name}=${typeof value === 'string' ? quoteText(options.mask(value)) : String(value)}`,
    );
    options.write(`${COLOURS[level]}[${level}]^7 ${options.mask(message)}${rest.join('')}`);
  }

  const lines: LogLines = {
    debug: (message, fields) => options.isDebug() && line('debug', message, fields),
    info: (message, fields) => line('info', message, fields),
    warn: (message, fields) => line('warn', message, fields),
    error: (message, fields) => line('error', message, fields),
  };
  const repeated = new RepeatedLines(lines, options.clock);
  return {
    ...lines,
    coalesce: (origin) => ({
      debug: (message, details) => lines.debug(message, { ...origin, ...details }),
      info: (message, details) => repeated.print('info', message, origin, details),
      warn: (message, details) => repeated.print('warn', message, origin, details),
      error: (message, details) => repeated.print('error', message, origin, details),
    }),
    stop: () => repeated.stop(),
  };
}

/** Decides whether debug lines are printed: by `debug on | off` until the next reload, else by `debugMode`. */
export class DebugSwitch {
  readonly #isConfigured: () => boolean;
  #choice: boolean | null = null;

  constructor(isConfigured: () => boolean) {
    this.#isConfigured = isConfigured;
  }

  readonly isOn = (): boolean => this.#choice ?? this.#isConfigured();

  set(isOn: boolean): void {
    this.#choice = isOn;
  }

  applyConfig(): void {
    this.#choice = null;
  }
}
