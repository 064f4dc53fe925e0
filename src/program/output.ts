import type { Writable } from 'node:stream';
import { configKeys } from '../config/schema.ts';
import { findEntry } from '../events/catalogue/catalogue.ts';
import type { Description, EventKind } from '../events/catalogue/description.ts';
import { describeEvent } from '../events/describe-event.ts';
import type { PushEvent } from '../events/push-event.ts';
import type { Clock } from '../lib/clock.ts';
import { type ConsoleLog, createLog } from '../lib/log.ts';
import { errorCodeOf, printableJson, spellUnprintable } from '../lib/text.ts';

/** How the terminal is to show something: numbers of ANSI's "select graphic rendition". */
const DIM = '2';

/** By what an event is about. */
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

/** @returns text that a terminal shows like that, and the next one as before */
function painted(text: string, rendition: string): string {
  return `\u001b[${rendition}m${text}\u001b[0m`;
}

/**
 * @param env where NO_COLOR stands, by which people say for all programs that they want none (https://no-color.org)
 * @returns whether something is shown in colours: only ever on a terminal
 */
export function wantsColours(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
  isForbidden: boolean,
): boolean {
  return stream.isTTY === true && !isForbidden && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

interface LineOptions {
  /** Columns that a line may take, at least 60. */
  readonly width: number;
  readonly colours: boolean;
  /** The names of the unit statuses, by the CAD's numbers. */
  readonly statusLabels: readonly string[];
}

/** A type comes from outside as well. */
const LONGEST_TYPE = 40;
/** So that long texts leave room for where it is. */
const LONGEST_SENTENCE = 90;
const LONGEST_TEXT = 80;
const LONGEST_DETAIL = 60;
/** More of the data of an unknown type is never shown. */
const LONGEST_DATA = 1_000;

/** @returns an event as one line for people: when, which type, and what it is about, as much as there is room for */
export function describeLine(event: PushEvent, { width, colours, statusLabels }: LineOptions): string {
  const described = describeEvent(event, { statusLabels });
  const time = new Date(event.receivedAt).toTimeString().slice(0, 8);
  const type = printableText(event.type, LONGEST_TYPE);
  const about = printableText(essenceOf(event, described), width - time.length - type.length - 2);
  if (!colours) return `${time} ${type} ${about}`;
  return `${painted(time, DIM)} ${painted(type, KIND_COLOURS[described.kind])} ${about}`;
}

function essenceOf(event: PushEvent, { sentence, text = '', details }: Description): string {
  if (!event.valid) {
    const { issues } = event;
    return `not understood: ${issues[0] ?? 'data: unexpected'}${issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''}`;
  }
  if (findEntry(event.type) === undefined) {
    return `not known to this version · ${(JSON.stringify(event.data) ?? 'no data').slice(0, LONGEST_DATA)}`;
  }
  const parts = [printableText(sentence, LONGEST_SENTENCE)];
  if (!sentence.includes(text)) parts.push(printableText(text, LONGEST_TEXT));
  for (const [name, value] of details) {
    const shown = String(value ?? '');
    if (shown.trim() !== '') parts.push(`${name}: ${printableText(shown, LONGEST_DETAIL)}`);
  }
  return parts.join(' · ');
}

/** What terminals show two columns wide. */
const WIDE =
  /\p{Emoji_Presentation}|[\u{1100}-\u{115f}\u{2e80}-\u{303e}\u{3041}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{20000}-\u{3fffd}]/u;

/**
 * Makes text from outside safe for one line of a terminal: line breaks become ` / `, tabs spaces, and what else controls a
 * terminal, turns the direction of text or is not seen becomes `\u{…}`.
 *
 * @param columns of the terminal that the result may take, at least 1; longer text ends in `…`
 */
export function printableText(text: string, columns: number): string {
  let shown = '';
  let width = 0;
  /** Where to cut when one more character does not fit. */
  let fitting = '';
  // By character and not by a pattern over the whole: an event may be a megabyte long, and a line shows the beginning.
  for (const character of text.trim().replace(/\s+/g, withoutBreaks)) {
    const piece = character === '\t' ? ' ' : spellUnprintable(character);
    width += piece === character ? columnsOf(character) : piece.length;
    if (width > columns) return `${fitting}…`;
    shown += piece;
    if (width < columns) fitting = shown;
  }
  return shown;
}

/** Runs of white space are found as a whole: a pattern that looks for the break in them tries each of their places, which takes a minute. */
const withoutBreaks = (space: string): string => (/[\r\n]/.test(space) ? ' / ' : space);

const columnsOf = (character: string): number => (WIDE.test(character) ? 2 : 1);

/** Where the stream does not say how wide lines may be. */
const DEFAULT_WIDTH = 240;
const LEAST_WIDTH = 60;

/** The stream that lines go to, as far as it says how they should look. */
interface Screen {
  readonly isTTY?: boolean;
  /** Changes with the window. */
  readonly columns?: number;
}

/** @returns what makes a line of an event */
export function createPrinter(json: boolean, colours: boolean, screen: Screen): (event: PushEvent) => string {
  if (json) return printableJson;
  const statusLabels = configKeys.statusLabels.default;
  return (event) => {
    const columns = screen.isTTY === true ? screen.columns : undefined;
    return describeLine(event, { width: Math.max(LEAST_WIDTH, columns ?? DEFAULT_WIDTH), colours, statusLabels });
  };
}

/** The game server's codes, of which the log uses these. */
const RENDITIONS: Readonly<Record<string, string>> = { '1': '91', '2': '92', '3': '93', '5': '94' };
const LEVEL = /^\^(\d)(\[\w+\])\^7/;

/** The resource's log, on the standard error of a program. */
export function createTerminalLog(
  stream: Writable,
  colours: boolean,
  clock: Clock,
  mask: (text: string) => string,
): ConsoleLog {
  // The reader has gone: nothing can be said either.
  stream.on('error', () => {});
  return createLog({
    write: (line) => void stream.write(`${line.replace(LEVEL, toTerminal)}\n`),
    clock,
    isDebug: () => false,
    mask,
  });

  function toTerminal(_: string, digit: string, level: string): string {
    return colours ? painted(level, RENDITIONS[digit] ?? '0') : level;
  }
}

interface OutputOptions {
  readonly clock: Clock;
  /** Called once, when nothing can be written any more. @param code `EPIPE` when the reader is gone */
  ended(code: string): void;
  /** Called when the reader has caught up. @param count how many lines were left out meanwhile */
  leftOut(count: number): void;
}

/** What may wait for a slow reader. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
const FLUSH_DEADLINE_MS = 30_000;

/** Prints lines to a stream whose reader may be slow, or go away. */
export function createOutput(stream: Writable, { clock, ended, leftOut }: OutputOptions) {
  let isOver = false;
  let missing = 0;

  const over = (error: unknown) => {
    if (isOver) return;
    isOver = true;
    ended(errorCodeOf(error));
  };
  stream.on('error', over);
  stream.on('drain', () => {
    if (missing === 0) return;
    const count = missing;
    missing = 0;
    leftOut(count);
  });

  return {
    /** Prints a line, or counts it when the reader is so slow that too much waits already. */
    write(line: string): void {
      if (isOver) return;
      if (stream.writableLength > MAX_WAITING_BYTES) {
        missing += 1;
        return;
      }
      try {
        stream.write(`${line}\n`);
      } catch (error) {
        // A file is written to at once, and some failures of it are thrown.
        over(error);
      }
    },
    /** @returns when all lines are written, the reader has gone, or 30 s are over; whether all of them are */
    flush: (): Promise<boolean> =>
      new Promise((resolve) => {
        if (isOver) return resolve(false);
        // At once: the caller may not wait any longer, and would say that lines are missing.
        if (stream.writableLength === 0) return resolve(missing === 0);
        const cancel = clock.after(FLUSH_DEADLINE_MS, () => resolve(false));
        stream.write('', (error) => {
          cancel();
          resolve(!error && missing === 0);
        });
        return undefined;
      }),
  };
}
