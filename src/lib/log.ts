import { RateLimit } from './rate-limit.ts';
import { quoteText } from './text.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a line may carry beside its message. Text is cut, quoted and defused; objects have no place in a console line. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Writes console lines of the form `[level] message key=value`. */
export type Log = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

interface LogOptions {
  /** Takes one whole line, in the game server's colour codes. */
  write(line: string): void;
  /** Milliseconds that never run backwards. */
  monotonic(): number;
  /** Debug lines are written only while this is true; asked each time, so that it can be switched while running. */
  isDebug(): boolean;
  /** @returns a text without what must not be shown; before it is cut, which would leave a part */
  mask(text: string): string;
}

const COLOURS: Readonly<Record<LogLevel, string>> = { debug: '^5', info: '^2', warn: '^3', error: '^1' };

/** How often one message may be written; how many were withheld is counted, and said with the next one. */
const LIMIT = { most: 10, windowMs: 10_000, maxKeys: 200 };

/**
 * The one way to the console. Each distinct message is limited to 10 lines in 10 s (debug lines are not: who switches
 * them on wants all), so that no outside event can flood an operator.
 */
export function createLog(options: LogOptions): Log {
  const limit = new RateLimit(LIMIT, options);

  function line(level: LogLevel, message: string, fields: LogFields | undefined): void {
    const withheld = limit.refused(message);
    if (level !== 'debug' && !limit.take(message)) return;
    const shown = Object.entries(fields ?? {}).filter(([, value]) => value !== undefined);
    if (level !== 'debug' && withheld > 0) shown.push(['withheld', withheld]);
    const rest = shown.map(
      ([name, value]) => ` ${name}=${typeof value === 'string' ? quoteText(options.mask(value)) : String(value)}`,
    );
    options.write(`${COLOURS[level]}[${level}]^7 ${options.mask(message)}${rest.join('')}`);
  }

  return {
    debug: (message, fields) => options.isDebug() && line('debug', message, fields),
    info: (message, fields) => line('info', message, fields),
    warn: (message, fields) => line('warn', message, fields),
    error: (message, fields) => line('error', message, fields),
  };
}
