import type { Clock } from './clock.ts';
import { type LogFields, type LogLevel, type LogLines, RepeatedLines } from './repeated-lines.ts';
import { quoteText } from './text.ts';

export type { LogFields, LogLevel } from './repeated-lines.ts';

/** Writes console lines of the form `[level] message key=value`. */
export interface Log extends LogLines {
  /**
   * For every line that outside input can cause: prints a message once for each origin, and counts its repeats. Debug lines are all
   * printed.
   *
   * @param origin the fields that tell whose lines are counted together, such as a target and the kind of its failure. Fields that
   *   differ from line to line, such as an event's id, belong to the line instead
   */
  coalesce(origin: LogFields): LogLines;
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

/**
 * The one way to the console.
 *
 * @returns a log with `stop`, which prints the counts that are left and ends its timers
 */
export function createLog(options: LogOptions): Log & { stop(): void } {
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
