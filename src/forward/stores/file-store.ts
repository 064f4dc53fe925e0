import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { reasonOf } from '../../lib/text.ts';
import type { KeyValueStore } from '../../platform/kvp-store.ts';
import { type NewFile, replaceFile } from './replace-file.ts';

export interface FileStore extends KeyValueStore {
  /** Lines that could not be read when the file was opened: torn by a power cut or a full disk. */
  readonly unreadable: number;
  close(): void;
}

/** The file is written anew when it has grown by this … */
const COMPACT_AFTER_BYTES = 1024 * 1024;
/** … and this many times as large as what it holds. */
const COMPACT_ABOVE_RATIO = 4;

/**
 * A store in one file that only grows, one line a change, until most of it is out of date: for where there is no KVP.
 * All values are in memory too. Lines that a power cut tore are skipped and counted.
 *
 * @param file made, with its folder, when it does not exist
 * @param keepsGrowing hears why the file could not be written anew; it goes on as it is, and that is tried again a megabyte later
 * @throws when the file cannot be opened; later failures leave things as they were, as with KVP
 */
export function createFileStore(file: string, keepsGrowing: (reason: string) => void = () => {}): FileStore {
  mkdirSync(dirname(file), { recursive: true });
  const { values, unreadable, endsWithin } = readLog(readIfThere(file));
  let descriptor = openSync(file, 'a');
  let liveBytes = 0;
  for (const [key, value] of values) liveBytes += lineBytes(key, value);
  let fileBytes = fstatSync(descriptor).size;
  let compactFromBytes = COMPACT_AFTER_BYTES;
  /** A line that was cut short must not swallow the next one. */
  let torn = endsWithin;

  /** @returns whether all of it was written */
  function append(line: string): boolean {
    const bytes = Buffer.from(torn ? `\n${line}` : line);
    try {
      const written = writeSync(descriptor, bytes);
      fileBytes += written;
      torn = written < bytes.length;
      if (!torn) return true;
    } catch {
      // As with KVP a write that fails says nothing: the canary of the checked store finds out, and the operator is told.
      torn = true;
    }
    return false;
  }

  function* linesOfValues(): Generator<string, void, undefined> {
    for (const [key, value] of values) yield lineOf(key, value);
  }

  function compactIfWorthIt(): void {
    if (fileBytes < compactFromBytes || fileBytes < liveBytes * COMPACT_ABOVE_RATIO) return;
    let compact: NewFile;
    try {
      compact = replaceFile(file, linesOfValues());
    } catch (error) {
      // Nothing is lost by it. What fails now fails again at the next flush, and takes as long: not before there is more to gain.
      compactFromBytes = fileBytes + COMPACT_AFTER_BYTES;
      keepsGrowing(reasonOf(error));
      return;
    }
    const outdated = descriptor;
    descriptor = compact.descriptor;
    fileBytes = compact.bytes;
    compactFromBytes = COMPACT_AFTER_BYTES;
    torn = false;
    closeSync(outdated);
  }

  return {
    unreadable,
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
    close: () => closeSync(descriptor),
  };

  function bytesOf(key: string): number {
    const value = values.get(key);
    return value === undefined ? 0 : lineBytes(key, value);
  }
}

function lineOf(key: string, value: string | null): string {
  return `${JSON.stringify(value === null ? [key] : [key, value])}\n`;
}

function lineBytes(key: string, value: string): number {
  return Buffer.byteLength(lineOf(key, value));
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return '';
    throw error;
  }
}

/**
 * @param text lines of JSON, each `["key","value"]` for a value that was set or `["key"]` for one that was deleted
 * @returns what is left after all of them, how many lines could not be read (torn, or not ours) and changed nothing, and whether the
 *   file ends within a line
 */
function readLog(text: string) {
  const values = new Map<string, string>();
  let unreadable = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [key, value] = readChange(line);
    if (key === undefined) unreadable += 1;
    else if (value === undefined) values.delete(key);
    else values.set(key, value);
  }
  return { values, unreadable, endsWithin: text !== '' && !text.endsWith('\n') };
}

function readChange(line: string): readonly [key?: string, value?: string] {
  try {
    const read: unknown = JSON.parse(line);
    const isChange = Array.isArray(read) && read.length <= 2 && read.every((part) => typeof part === 'string');
    return isChange ? (read as [string, string?]) : [];
  } catch {
    return []; // counted by the caller; the parser's message would quote the line
  }
}
