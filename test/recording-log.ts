import type { Log, LogFields, LogLevel } from '../src/lib/log.ts';

export interface RecordedLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

interface RecordingLog extends Log {
  /** Every line, repeats too. */
  readonly lines: RecordedLine[];
  /** The lines that an operator sees at once: of coalesced lines, the first of each message and origin. */
  readonly printed: RecordedLine[];
}

/** A log that keeps what it is told. */
export function createRecordingLog(): RecordingLog {
  const lines: RecordedLine[] = [];
  const printed: RecordedLine[] = [];
  const seen = new Set<string>();
  const record =
    (level: LogLevel, origin?: LogFields) =>
    (message: string, fields: LogFields = {}) => {
      const line = { level, message, fields: { ...origin, ...fields } };
      const key = JSON.stringify([message, origin]);
      const isRepeat = origin !== undefined && level !== 'debug' && seen.has(key);
      lines.push(line);
      if (!isRepeat) printed.push(line);
      if (level !== 'debug') seen.add(key);
    };
  const levels = (origin?: LogFields) => ({
    debug: record('debug', origin),
    info: record('info', origin),
    warn: record('warn', origin),
    error: record('error', origin),
  });
  return { lines, printed, ...levels(), coalesce: levels };
}
