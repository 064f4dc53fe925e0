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

/** What a check has found. */
export interface Finding {
  /** Of which check it is, where a program reads it. */
  readonly name?: string;
  /** null for what cannot be told from here, or is left out because the operator wants it so. */
  readonly ok: boolean | null;
  /** One sentence, safe for the console. */
  readonly text: string;
  /** What to do about it, in words that follow a colon; absent when there is nothing to do. */
  readonly fix?: string;
}

/** One thing that is verified; what it is about is handed to it. */
export type Check<About> = (about: About) => Finding | readonly Finding[] | Promise<Finding | readonly Finding[]>;

/** A fault in the configuration, which holds its own remedy: one line for the console, free of secrets. */
export interface Problem {
  readonly level: 'error' | 'warn';
  readonly line: string;
}

/** @param fix what to do about each of them */
export function findingsOf(problems: readonly Problem[], fix: string): Finding[] {
  return problems.map(({ line }) => ({ ok: false, text: line, fix }));
}

const SIGNS = { true: '✓', false: '✗', null: '–' };

/** @returns a line for each finding, and one more for what to do where there is something to do */
export function describeFindings(findings: readonly Finding[]): string[] {
  const lines = findings.flatMap(({ ok, text, fix }) => [
    `${SIGNS[`${ok}`]} ${text}`,
    ...(fix !== undefined && ok !== true ? [`    → ${fix}`] : []),
  ]);
  const wrong = findings.filter(({ ok }) => ok === false).length;
  return [...lines, wrong === 0 ? 'Nothing is wrong.' : `${wrong} of ${findings.length} checks found something wrong.`];
}
