import type { Clock } from './clock.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a line may carry beside its message. Text is cut, quoted and defused; objects have no place in a console line. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export type LogLines = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

/** The shortest time between two summaries of a line. A line that has not come for so long has ended. */
const PERIOD_MS = 5 * 60_000;
/** Beyond it, lines are counted by their message alone, so that a flood of origins cannot hide another message. */
const MAX_TRACKED = 20;
const ALL_OTHERS = 'all others';

const REPEATS = 'A line repeats: its repeats are counted, not printed.';
const ENDED = 'A line no longer repeats: it has not come for 5 minutes.';

/** A line that was printed less than five minutes ago, or has repeated since. */
interface TrackedLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly origin: LogFields;
  /** All repeats, and those that no summary has counted yet. */
  repeats: number;
  uncounted: number;
  /** When it came last, in milliseconds since 1970 and in monotonic milliseconds. */
  lastAt: number;
  lastSeen: number;
  /** When the line or its last summary was printed, in monotonic milliseconds. */
  printedAt: number;
  cancelTimer(): void;
}

/**
 * Prints a line once for each origin and counts its repeats. A summary says how many there were, at most every five minutes, and
 * once more when the line has not come for five minutes.
 */
export class RepeatedLines {
  readonly #log: LogLines;
  readonly #clock: Clock;
  readonly #lines = new Map<string, TrackedLine>();
  #isStopped = false;

  constructor(log: LogLines, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** @param message a literal: it is the cause by which repeats are recognised, together with the origin */
  print(level: LogLevel, message: string, origin: LogFields, details: LogFields = {}): void {
    const ofOrigin = JSON.stringify([message, origin]);
    const isOwn = this.#lines.has(ofOrigin) || this.#lines.size < MAX_TRACKED;
    const key = isOwn ? ofOrigin : message;
    const tracked = this.#lines.get(key);
    if (tracked !== undefined) this.#count(tracked);
    else {
      this.#log[level](message, { ...origin, ...details });
      if (!this.#isStopped) this.#track(key, level, message, isOwn ? origin : withoutValues(origin));
    }
  }

  /** Summarises what was not counted yet. From now on every line is printed, and no timer runs. */
  stop(): void {
    this.#isStopped = true;
    for (const line of this.#lines.values()) {
      line.cancelTimer();
      if (line.uncounted > 0) this.#summarise(line);
    }
    this.#lines.clear();
  }

  #track(key: string, level: LogLevel, message: string, origin: LogFields): void {
    const now = this.#clock.monotonic();
    const counts = { repeats: 0, uncounted: 0, lastAt: this.#clock.now(), lastSeen: now, printedAt: now };
    const line: TrackedLine = { level, message, origin, ...counts, cancelTimer: () => {} };
    this.#lines.set(key, line);
    this.#endAfter(PERIOD_MS, key, line);
  }

  #count(line: TrackedLine): void {
    line.repeats += 1;
    line.uncounted += 1;
    line.lastAt = this.#clock.now();
    line.lastSeen = this.#clock.monotonic();
    if (line.lastSeen - line.printedAt >= PERIOD_MS) this.#summarise(line);
  }

  #summarise(line: TrackedLine): void {
    const { level, message, origin, uncounted: more, lastAt } = line;
    const now = this.#clock.monotonic();
    const minutes = Math.max(1, Math.round((now - line.printedAt) / 60_000));
    line.uncounted = 0;
    line.printedAt = now;
    this.#log[level](REPEATS, { more, minutes, last: timeOfDay(lastAt), ...origin, line: message });
  }

  #endAfter(milliseconds: number, key: string, line: TrackedLine): void {
    line.cancelTimer = this.#clock.after(milliseconds, () => {
      const left = line.lastSeen + PERIOD_MS - this.#clock.monotonic();
      if (left > 0) return this.#endAfter(left, key, line);
      this.#lines.delete(key);
      const { message, origin, repeats, lastAt } = line;
      if (repeats > 0) this.#log.info(ENDED, { repeats, last: timeOfDay(lastAt), ...origin, line: message });
    });
  }
}

/** The origin of lines that are counted by their message alone. */
function withoutValues(origin: LogFields): LogFields {
  return Object.fromEntries(Object.keys(origin).map((name) => [name, ALL_OTHERS]));
}

const timeOfDay = (at: number): string => new Date(at).toTimeString().slice(0, 8);
