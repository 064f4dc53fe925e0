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

/** The file is compacted when it is at least this large … */
const COMPACT_AFTER_BYTES = 1024 * 1024;
/** … and this many times as large as what it holds. */
const COMPACT_ABOVE_RATIO = 4;

/**
 * A store for where there is no KVP: a log file, one line a change, which is compacted when most of it is out of date.
 * All values are in memory too. Lines that a power cut tore are skipped and counted.
 */
export class FileStore implements KeyValueStore {
  /** Lines that could not be read when the file was opened: torn by a power cut or a full disk. */
  readonly unreadable: number;
  readonly #file: string;
  readonly #keepsGrowing: (reason: string) => void;
  readonly #values: Map<string, string>;
  #descriptor: number;
  #fileBytes: number;
  #liveBytes = 0;
  #compactFromBytes = COMPACT_AFTER_BYTES;
  /** Whether the file ends within a line, which must not swallow the next one. */
  #isTorn: boolean;

  /**
   * @param file made, with its folder, when it does not exist
   * @param keepsGrowing hears why the file could not be compacted; the next try comes a megabyte later
   * @throws when the file cannot be opened; later failures leave things as they were, as with KVP
   */
  constructor(file: string, keepsGrowing: (reason: string) => void = () => {}) {
    this.#file = file;
    this.#keepsGrowing = keepsGrowing;
    mkdirSync(dirname(file), { recursive: true });
    this.#descriptor = openSync(file, 'a');
    const { values, unreadable, endsWithin } = readLog(readFileSync(file));
    this.#values = values;
    this.unreadable = unreadable;
    this.#isTorn = endsWithin;
    this.#fileBytes = fstatSync(this.#descriptor).size;
    for (const key of values.keys()) this.#liveBytes += this.#bytesOf(key);
  }

  get(key: string): string | null {
    return this.#values.get(key) ?? null;
  }

  set(key: string, value: string): void {
    const line = lineOf(key, value);
    if (!this.#append(line)) return;
    this.#liveBytes += Buffer.byteLength(line) - this.#bytesOf(key);
    this.#values.set(key, value);
  }

  delete(key: string): void {
    if (!this.#values.has(key) || !this.#append(lineOf(key, null))) return;
    this.#liveBytes -= this.#bytesOf(key);
    this.#values.delete(key);
  }

  flush(): void {
    fsyncSync(this.#descriptor);
    this.#compactIfWorthIt();
  }

  keys(prefix: string): IterableIterator<string> {
    return [...this.#values.keys()]
      .filter((key) => key.startsWith(prefix))
      .sort()
      .values();
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #bytesOf(key: string): number {
    const value = this.#values.get(key);
    return value === undefined ? 0 : Buffer.byteLength(lineOf(key, value));
  }

  /** @returns whether all of it was written */
  #append(line: string): boolean {
    const bytes = Buffer.from(this.#isTorn ? `\n${line}` : line);
    try {
      const written = writeSync(this.#descriptor, bytes);
      this.#fileBytes += written;
      this.#isTorn = written < bytes.length;
    } catch {
      // Fails silently, as KVP does: the canary of the checked store detects it and reports it.
      this.#isTorn = true;
    }
    return !this.#isTorn;
  }

  #compactIfWorthIt(): void {
    if (this.#fileBytes < this.#compactFromBytes || this.#fileBytes < this.#liveBytes * COMPACT_ABOVE_RATIO) return;
    const outdated = this.#descriptor;
    try {
      this.#descriptor = replaceFile(this.#file, this.#values);
    } catch (error) {
      // Nothing is lost. A retry at the next flush would fail as slowly, so it waits until the file has grown.
      this.#compactFromBytes = this.#fileBytes + COMPACT_AFTER_BYTES;
      this.#keepsGrowing(reasonOf(error));
      return;
    }
    this.#fileBytes = fstatSync(this.#descriptor).size;
    this.#compactFromBytes = COMPACT_AFTER_BYTES;
    this.#isTorn = false;
    closeSync(outdated);
  }
}

function lineOf(key: string, value: string | null): string {
  return `${JSON.stringify(value === null ? [key] : [key, value])}\n`;
}

const LINE_BREAK = 0x0a;

/**
 * @param bytes lines of JSON, each `["key","value"]` for a value that was set or `["key"]` for one that was deleted;
 * more of them than   fit a text
 * @returns what is left after all of them, how many lines could not be read (torn, or not ours), and whether the file
 * ends within one
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
 * Puts a new file with these values in the place of another, in one step: whenever the process dies or the power goes,
 * there is the old one or the whole new one.
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
