import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** The file that has taken the place of another. */
export interface NewFile {
  /** Open, so that more can be written behind what is there. */
  readonly descriptor: number;
  readonly bytes: number;
}

/**
 * Puts a file in the place of another, in one step: whenever the process dies or the power goes, there is the old one or the whole
 * new one.
 *
 * @param pieces all that the new one holds, in order
 * @throws when it cannot be written; the old one is as it was then, and nothing is left open or lying beside it
 */
export function replaceFile(file: string, pieces: Iterable<string>): NewFile {
  const beside = `${file}.new`;
  const descriptor = openSync(beside, 'w');
  let bytes = 0;
  try {
    for (const piece of pieces) bytes += writeWhole(descriptor, Buffer.from(piece));
    fsyncSync(descriptor);
    renameSync(beside, file);
  } catch (error) {
    try {
      closeSync(descriptor);
    } finally {
      rmSync(beside, { force: true });
    }
    throw error;
  }
  syncFolder(dirname(file));
  return { descriptor, bytes };
}

/** A disk that is nearly full takes a part of what it is given, and says so by nothing but the number. */
function writeWhole(descriptor: number, bytes: Buffer): number {
  for (let written = 0; written < bytes.length; ) {
    const taken = writeSync(descriptor, bytes, written);
    if (taken === 0) throw new Error('The file takes nothing more.');
    written += taken;
  }
  return bytes.length;
}

/** Until then a power cut can bring back the old file, without what was written to the new one meanwhile. */
function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Windows and some file systems have no such thing, and the new file is in its place in any case.
  }
}
