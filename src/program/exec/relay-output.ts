import { fstatSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';

/**
 * How a command is given one of the program's own outputs. It inherits terminals and files. A pipe that it inherits would be set to
 * wait for its reader, for the program as well: a slow reader would hold up all requests. So its output is passed on there.
 *
 * @param descriptor 1 or 2
 */
export function outputFor(descriptor: number): 'inherit' | 'pipe' {
  const kind = fstatSync(descriptor);
  return kind.isFIFO() || kind.isSocket() ? 'pipe' : 'inherit';
}

/** Passes on what a command writes, only as fast as it is read. */
export function relayOutput(from: Readable | null, to: Writable): void {
  from?.on('data', (chunk: Buffer) => {
    if (to.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
  from?.on('error', () => {});
}
