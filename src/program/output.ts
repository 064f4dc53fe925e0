import type { Writable } from 'node:stream';
import type { Clock } from '../lib/clock.ts';
import { createLog, type Log } from '../lib/log.ts';
import { errorCodeOf } from '../lib/text.ts';
import { painted } from './lines.ts';

/** The game server's codes, of which the log uses these. */
const RENDITIONS: Readonly<Record<string, string>> = { '1': '91', '2': '92', '3': '93', '5': '94' };
const LEVEL = /^\^(\d)(\[\w+\])\^7/;

/** The resource's log, on the standard error of a program. */
export function createTerminalLog(
  stream: Writable,
  colours: boolean,
  clock: Pick<Clock, 'monotonic'>,
  mask: (text: string) => string,
): Log {
  // The reader has gone: nothing can be said either.
  stream.on('error', () => {});
  return createLog({
    write: (line) => void stream.write(`${line.replace(LEVEL, toTerminal)}\n`),
    monotonic: clock.monotonic,
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
