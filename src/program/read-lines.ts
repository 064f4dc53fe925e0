import { closeSync, openSync, readSync } from 'node:fs';
import { programFault } from './program-fault.ts';

/** Nobody has more keys than fit into that. */
const MAX_BYTES = 64 * 1024;

/**
 * The lines of a small file in which something secret stands, trimmed, without the empty ones.
 *
 * @param option through which the file was named, for the sentence about what is wrong with it
 * @throws a fault that names the option and the reason, and nothing of the file
 */
export function readLines(option: string, file: string): string[] {
  const buffer = Buffer.alloc(MAX_BYTES + 1);
  let length = 0;
  try {
    const descriptor = openSync(file, 'r');
    try {
      // Not by its size, which a pipe does not have.
      for (let read = -1; read !== 0 && length < buffer.length; length += read) {
        read = readSync(descriptor, buffer, length, buffer.length - length, null);
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    const { code } = error as { code?: unknown };
    throw programFault(`${option}: the file cannot be read (${String(code)}).`, 2);
  }
  if (length > MAX_BYTES) throw programFault(`${option}: the file is too large, expected one key a line.`, 2);
  const lines = buffer.toString('utf8', 0, length).split(/\r\n|\r|\n/);
  // A byte order mark, as Windows' editors write it, is white space to `trim`.
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}
