import { quoteText } from './text.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a line may carry beside its message. Text is cut, quoted and defused; objects have no place in a console line. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Writes console lines of the form `[level] message key=value`. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export interface LogOptions {
  /** Takes one whole line, in the game server's colour codes. */
  write(line: string): void;
  /** Milliseconds that never run backwards. */
  monotonic(): number;
  /** Debug lines are written only while this is true; asked each time, so that it can be switched while running. */
  isDebug(): boolean;
}

const COLOURS: Readonly<Record<LogLevel, string>> = { debug: '^5', info: '^2', warn: '^3', error: '^1' };

/** One message may be written so often … */
const BURST = 10;
/** … and then again after so many milliseconds; what came between is counted and said. */
const WINDOW_MS = 10_000;
/** Distinct messages that are counted; beyond it the oldest is forgotten. */
const MAX_COUNTED = 200;

/**
 * The one way to the console. Each distinct message is limited to 10 lines in 10 s (debug lines are not: whoever switches
 * them on wants all), so that no outside event can flood an operator.
 */
export function createLog(options: LogOptions): Log {
  const counts = new Map<string, { since: number; written: number; withheld: number }>();

  function mayWrite(message: string): { allowed: boolean; withheld: number } {
    const now = options.monotonic();
    const count = counts.get(message);
    if (count === undefined || now - count.since >= WINDOW_MS) {
      counts.delete(message);
      counts.set(message, { since: now, written: 1, withheld: 0 });
      for (const oldest of counts.keys()) if (counts.size > MAX_COUNTED) counts.delete(oldest);
      return { allowed: true, withheld: count?.withheld ?? 0 };
    }
    if (count.written < BURST) {
      count.written += 1;
      return { allowed: true, withheld: 0 };
    }
    count.withheld += 1;
    return { allowed: false, withheld: 0 };
  }

  function line(level: LogLevel, message: string, fields: LogFields | undefined): void {
    const { allowed, withheld } = level === 'debug' ? { allowed: true, withheld: 0 } : mayWrite(message);
    if (!allowed) return;
    const shown = Object.entries(fields ?? {}).filter(([, value]) => value !== undefined);
    if (withheld > 0) shown.push(['withheld', withheld]);
    const rest = shown.map(
      ([name, value]) => ` ${name}=${typeof value === 'string' ? quoteText(value) : String(value)}`,
    );
    options.write(`${COLOURS[level]}[${level}]^7 ${message}${rest.join('')}`);
  }

  return {
    debug: (message, fields) => options.isDebug() && line('debug', message, fields),
    info: (message, fields) => line('info', message, fields),
    warn: (message, fields) => line('warn', message, fields),
    error: (message, fields) => line('error', message, fields),
  };
}
