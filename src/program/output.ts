import type { Writable } from 'node:stream';
import { configKeys } from '../config/schema.ts';
import { findEntry } from '../events/catalogue/catalogue.ts';
import type { Description, EventKind } from '../events/catalogue/description.ts';
import { describeEvent } from '../events/describe-event.ts';
import type { PushEvent } from '../events/push-event.ts';
import type { Clock } from '../lib/clock.ts';
import { type ConsoleLog, createLog } from '../lib/log.ts';
import { errorCodeOf, printableJson, spellUnprintable } from '../lib/text.ts';

/** The ANSI rendition (SGR code) for the time of an event. */
const DIM = '2';

/** ANSI renditions (SGR codes) for the types of events, by the kind of event. */
const KIND_COLOURS: Readonly<Record<EventKind, string>> = {
  alarm: '1;31',
  emergency: '31',
  call: '33',
  unit: '36',
  record: '35',
  alert: '34',
  account: '32',
  over: '90',
  other: '37',
};

function paint(text: string, rendition: string): string {
  return `\u001b[${rendition}m${text}\u001b[0m`;
}

/**
 * Decides whether a stream is printed to in colours: only on a terminal, and unless the user forbids it.
 *
 * @param env may contain NO_COLOR, with which users forbid colours to all programs (https://no-color.org)
 */
export function wantsColours(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
  isForbidden: boolean,
): boolean {
  return stream.isTTY === true && !isForbidden && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

/** The width of a line if the stream is no terminal. */
const DEFAULT_COLUMNS = 240;
/** The least width of a line. On a narrower terminal, the line wraps. */
const MIN_COLUMNS = 60;

interface Screen {
  readonly isTTY?: boolean;
  /** The width of the terminal, which changes with its window. */
  readonly columns?: number;
}

/** Creates the function that turns an event into the line to print: JSON, or a line for people. */
export function createEventFormatter(isJson: boolean, colours: boolean, screen: Screen): (event: PushEvent) => string {
  if (isJson) return printableJson;
  const statusLabels = configKeys.statusLabels.default;
  return (event) => {
    const columns = screen.isTTY === true ? screen.columns : undefined;
    const width = Math.max(MIN_COLUMNS, columns ?? DEFAULT_COLUMNS);
    return formatEventLine(event, { width, colours, statusLabels });
  };
}

interface LineOptions {
  /** Columns that the line may take, at least 60. */
  readonly width: number;
  readonly colours: boolean;
  /** Labels of unit statuses, by the CAD's number. */
  readonly statusLabels: readonly string[];
}

/** Columns of a type. Longer types, which can only come from outside the catalogue, are truncated. */
const MAX_TYPE_COLUMNS = 40;
/** Columns of the sentence about an event. Longer ones are truncated, so that the details still fit. */
const MAX_SENTENCE_COLUMNS = 90;
/** Columns of the text of an event. Longer ones are truncated, so that the details still fit. */
const MAX_TEXT_COLUMNS = 80;
/** Columns of a detail. Longer ones are truncated. */
const MAX_DETAIL_COLUMNS = 60;
/** Characters of an unknown type's data. The rest is not printed at any width. */
const MAX_DATA_LENGTH = 1_000;

/** Formats an event as one line for people: its time, its type and a summary, truncated to the width. */
export function formatEventLine(event: PushEvent, { width, colours, statusLabels }: LineOptions): string {
  const description = describeEvent(event, { statusLabels });
  const time = new Date(event.receivedAt).toTimeString().slice(0, 8);
  const type = printableText(event.type, MAX_TYPE_COLUMNS);
  const summary = printableText(summarise(event, description), width - time.length - type.length - 2);
  if (!colours) return `${time} ${type} ${summary}`;
  return `${paint(time, DIM)} ${paint(type, KIND_COLOURS[description.kind])} ${summary}`;
}

function summarise(event: PushEvent, { sentence, text = '', details }: Description): string {
  if (!event.valid) {
    const [firstIssue = 'data: unexpected', ...otherIssues] = event.issues;
    const others = otherIssues.length > 0 ? ` (and ${otherIssues.length} more)` : '';
    return `not understood: ${firstIssue}${others}`;
  }
  if (findEntry(event.type) === undefined) {
    const data = (JSON.stringify(event.data) ?? 'no data').slice(0, MAX_DATA_LENGTH);
    return `not known to this version · ${data}`;
  }

  const parts = [printableText(sentence, MAX_SENTENCE_COLUMNS)];
  if (!sentence.includes(text)) parts.push(printableText(text, MAX_TEXT_COLUMNS));
  for (const [name, value] of details) {
    const detail = String(value ?? '');
    if (detail.trim() !== '') parts.push(`${name}: ${printableText(detail, MAX_DETAIL_COLUMNS)}`);
  }
  return parts.join(' · ');
}

/** Characters that terminals show two columns wide: emoji, and East Asian wide characters. */
const WIDE_CHARACTER =
  /\p{Emoji_Presentation}|[\u{1100}-\u{115f}\u{2e80}-\u{303e}\u{3041}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{20000}-\u{3fffd}]/u;

/**
 * Makes untrusted text safe for one line of a terminal. Line breaks become ` / ` and tabs become spaces. Control
 * characters, bidirectional marks and invisible characters become `\u{…}`.
 *
 * @param columns maximum width of the result, at least 1. Longer text is truncated and ends in `…`.
 */
export function printableText(text: string, columns: number): string {
  let printed = '';
  let width = 0;
  /** The text before the last column, which an ellipsis can follow. */
  let truncated = '';
  // Stops at the width instead of replacing in the whole text, because an event can have a megabyte of text.
  for (const character of text.trim().replace(/\s+/g, replaceLineBreaks)) {
    const piece = character === '\t' ? ' ' : spellUnprintable(character);
    width += piece === character ? countColumns(character) : piece.length;
    if (width > columns) return `${truncated}…`;
    printed += piece;
    if (width < columns) truncated = printed;
  }
  return printed;
}

/**
 * Replaces a run of white space that contains a line break. The run is matched as a whole, because a pattern such as
 * `\s*\n\s*` backtracks over long runs and takes minutes for a megabyte.
 */
function replaceLineBreaks(whitespace: string): string {
  return /[\r\n]/.test(whitespace) ? ' / ' : whitespace;
}

function countColumns(character: string): number {
  return WIDE_CHARACTER.test(character) ? 2 : 1;
}

/** ANSI renditions for the colour codes `^1` to `^5` of the game server's console that the log uses. */
const RENDITIONS: Readonly<Record<string, string>> = { '1': '91', '2': '92', '3': '93', '5': '94' };
const COLOURED_LEVEL = /^\^(\d)(\[\w+\])\^7/;

/** Creates the resource's log, with ANSI colours, for the standard error of a program. */
export function createTerminalLog(
  stream: Writable,
  colours: boolean,
  clock: Clock,
  mask: (text: string) => string,
): ConsoleLog {
  // If the reader of the standard error is gone, there is nowhere left to report to.
  stream.on('error', () => {});

  const paintLevel = (_: string, digit: string, level: string): string =>
    colours ? paint(level, RENDITIONS[digit] ?? '0') : level;
  return createLog({
    write: (line) => void stream.write(`${line.replace(COLOURED_LEVEL, paintLevel)}\n`),
    clock,
    isDebug: () => false,
    mask,
  });
}

interface LineWriterOptions {
  readonly clock: Clock;
  /** Called once, when the stream takes no more lines. @param code `EPIPE` if the reader is gone */
  onEnd(code: string): void;
  /** Called when a slow reader has caught up. @param count how many lines were dropped meanwhile */
  onDropped(count: number): void;
}

/** Bytes that can wait for a slow reader. Beyond it, lines are dropped and counted. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
/** Maximum time for a slow reader to take the last lines. After it, the program ends without them. */
const FLUSH_TIMEOUT_MS = 30_000;

/** Prints lines to a stream whose reader may be slow or may go away. */
export class LineWriter {
  readonly #stream: Writable;
  readonly #options: LineWriterOptions;
  #isEnded = false;
  #droppedCount = 0;

  constructor(stream: Writable, options: LineWriterOptions) {
    this.#stream = stream;
    this.#options = options;
    stream.on('error', (error) => this.#end(error));
    stream.on('drain', () => this.#reportDropped());
  }

  /** Prints a line, or drops and counts it if too many bytes wait for a slow reader. */
  write(line: string): void {
    if (this.#isEnded) return;
    if (this.#stream.writableLength > MAX_BUFFERED_BYTES) {
      this.#droppedCount += 1;
      return;
    }
    try {
      this.#stream.write(`${line}\n`);
    } catch (error) {
      // Node writes to files synchronously, and throws some of their errors instead of emitting them.
      this.#end(error);
    }
  }

  /**
   * Waits until all lines are written, but at most 30 s.
   *
   * @returns whether every line was written
   */
  flush(): Promise<boolean> {
    const stream = this.#stream;
    if (this.#isEnded) return Promise.resolve(false);
    // Without waiting for `write`: a caller that is out of time already would report missing lines.
    if (stream.writableLength === 0) return Promise.resolve(this.#droppedCount === 0);
    return new Promise((resolve) => {
      const cancelTimeout = this.#options.clock.after(FLUSH_TIMEOUT_MS, () => resolve(false));
      stream.write('', (error) => {
        cancelTimeout();
        resolve(!error && this.#droppedCount === 0);
      });
    });
  }

  #end(error: unknown): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#options.onEnd(errorCodeOf(error));
  }

  #reportDropped(): void {
    if (this.#droppedCount === 0) return;
    const count = this.#droppedCount;
    this.#droppedCount = 0;
    this.#options.onDropped(count);
  }
}
