import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { reasonOf } from '../../lib/text.ts';
import type { KeyValueStore } from '../../platform/kvp-store.ts';

/** The file is written anew when it has grown by this … */
const COMPACT_AFTER_BYTES = 1024 * 1024;
/** … and this many times as large as what it holds. */
const COMPACT_ABOVE_RATIO = 4;

export type FileStore = ReturnType<typeof createFileStore>;

/**
 * A store for where there is no KVP: one file that only grows, one line a change, until most of it is out of date. All values are in
 * memory too. Lines that a power cut tore are skipped and counted.
 *
 * @param file made, with its folder, when it does not exist
 * @param keepsGrowing hears why the file could not be written anew; the next try comes a megabyte later
 * @throws when the file cannot be opened; later failures leave things as they were, as with KVP
 */
export function createFileStore(file: string, keepsGrowing: (reason: string) => void = () => {}) {
  mkdirSync(dirname(file), { recursive: true });
  let descriptor = openSync(file, 'a');
  const { values, unreadable, endsWithin } = readLog(readFileSync(file));
  let liveBytes = 0;
  for (const key of values.keys()) liveBytes += bytesOf(key);
  let fileBytes = fstatSync(descriptor).size;
  let compactFromBytes = COMPACT_AFTER_BYTES;
  /** A line that was cut short must not swallow the next one. */
  let torn = endsWithin;

  function bytesOf(key: string): number {
    const value = values.get(key);
    return value === undefined ? 0 : Buffer.byteLength(lineOf(key, value));
  }

  /** @returns whether all of it was written */
  function append(line: string): boolean {
    const bytes = Buffer.from(torn ? `\n${line}` : line);
    try {
      const written = writeSync(descriptor, bytes);
      fileBytes += written;
      torn = written < bytes.length;
    } catch {
      // Says nothing, as KVP does: the canary of the checked store finds out, and the operator is told.
      torn = true;
    }
    return !torn;
  }

  function compactIfWorthIt(): void {
    if (fileBytes < compactFromBytes || fileBytes < liveBytes * COMPACT_ABOVE_RATIO) return;
    const outdated = descriptor;
    try {
      descriptor = replaceFile(file, values);
    } catch (error) {
      // Nothing is lost by it. The next flush would fail as slowly: not before there is more to gain.
      compactFromBytes = fileBytes + COMPACT_AFTER_BYTES;
      keepsGrowing(reasonOf(error));
      return;
    }
    fileBytes = fstatSync(descriptor).size;
    compactFromBytes = COMPACT_AFTER_BYTES;
    torn = false;
    closeSync(outdated);
  }

  const store: KeyValueStore = {
    get: (key) => values.get(key) ?? null,
    set(key, value) {
      const line = lineOf(key, value);
      if (!append(line)) return;
      liveBytes += Buffer.byteLength(line) - bytesOf(key);
      values.set(key, value);
    },
    delete(key) {
      if (!values.has(key) || !append(lineOf(key, null))) return;
      liveBytes -= bytesOf(key);
      values.delete(key);
    },
    flush() {
      fsyncSync(descriptor);
      compactIfWorthIt();
    },
    keys: (prefix) =>
      [...values.keys()]
        .filter((key) => key.startsWith(prefix))
        .sort()
        .values(),
  };
  return {
    ...store,
    /** Lines that could not be read when the file was opened: torn by a power cut or a full disk. */
    unreadable,
    close: () => closeSync(descriptor),
  };
}

function lineOf(key: string, value: string | null): string {
  return `${JSON.stringify(value === null ? [key] : [key, value])}\n`;
}

const LINE_BREAK = 0x0a;

/**
 * @param bytes lines of JSON, each `["key","value"]` for a value that was set or `["key"]` for one that was deleted; more of them than
 *   fit a text
 * @returns what is left after all of them, how many lines could not be read (torn, or not ours), and whether the file ends within one
 */
function readLog(bytes: Buffer) {
  const values = new Map<string, string>();
  let unreadable = 0;
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LINE_BREAK, start);
    const end = found < 0 ? bytes.length : found;
    const [key, value] = readChange(bytes.subarray(start, end));
    // Behind a line that was torn there is an empty one.
    if (key === undefined) unreadable += end > start ? 1 : 0;
    else if (value === undefined) values.delete(key);
    else values.set(key, value);
    start = end + 1;
  }
  return { values, unreadable, endsWithin: bytes.length > 0 && bytes.at(-1) !== LINE_BREAK };
}

function readChange(line: Buffer): readonly [key?: string, value?: string] {
  try {
    const read: unknown = JSON.parse(line.toString());
    const isChange = Array.isArray(read) && read.length <= 2 && read.every((part) => typeof part === 'string');
    return isChange ? (read as [string, string?]) : [];
  } catch {
    return []; // counted by the caller; the parser's message would quote the line
  }
}

/**
 * Puts a new file with these values in the place of another, in one step: whenever the process dies or the power goes, there is the
 * old one or the whole new one.
 *
 * @returns the new one's descriptor, to write behind what is there
 * @throws when it cannot be written; the old one is as it was then, and nothing is left open or lying beside it
 */
function replaceFile(file: string, values: ReadonlyMap<string, string>): number {
  const beside = `${file}.new`;
  const descriptor = openSync(beside, 'w');
  try {
    for (const [key, value] of values) writeWhole(descriptor, Buffer.from(lineOf(key, value)));
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
  return descriptor;
}

/** A disk that is nearly full takes a part of what it is given, and says so only by the number. */
function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) {
    const taken = writeSync(descriptor, bytes, written);
    if (taken === 0) throw new Error('The file cannot be written to any more.');
    written += taken;
  }
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
