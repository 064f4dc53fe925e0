import type { Writable } from 'node:stream';
import type { Clock } from '../platform/clock.ts';
import { createLog, type Log } from '../platform/log.ts';
import { painted } from './print/colours.ts';

/** The game server's codes, of which the log uses these. */
const RENDITIONS: Readonly<Record<string, string>> = { '1': '91', '2': '92', '3': '93', '5': '94' };
const LEVEL = /^\^(\d)(\[\w+\])\^7/;

/** The resource's log, on the standard error of a program. */
export function createTerminalLog(stream: Writable, colours: boolean, clock: Pick<Clock, 'monotonic'>): Log {
  // Nobody reads: there is nobody to tell either.
  stream.on('error', () => {});
  return createLog({
    write: (line) => void stream.write(`${line.replace(LEVEL, toTerminal)}\n`),
    monotonic: clock.monotonic,
    isDebug: () => false,
  });

  function toTerminal(_: string, digit: string, level: string): string {
    return colours ? painted(level, RENDITIONS[digit] ?? '0') : level;
  }
}
