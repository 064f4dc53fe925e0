import { join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtinModule } from './liveness.ts';

type Callable = (...args: unknown[]) => unknown;

/** What one resource may do with files. Both take absolute paths. */
export interface FileAccess {
  mayRead(path: string): boolean;
  mayWrite(path: string): boolean;
  /** Folder that relative paths count from: the server's, as in FXServer. */
  readonly workingFolder: string;
  /** Says on the console what was refused. */
  denied(permission: 'fs.read' | 'fs.write', path: string): void;
}

const names = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));
/** Functions whose first argument is written to. The others that take a path read from it. */
const WRITES =
  names(`appendFile chmod chown lchmod lchown lutimes mkdir mkdtemp rm rmdir truncate unlink utimes writeFile
  createWriteStream`);
const READS = names(`access createReadStream exists lstat opendir readFile readdir readlink realpath stat statfs watch
  watchFile openAsBlob`);
/** Functions of two paths: whether the first is written to; the second always is. */
const PAIRS = new Map([
  ['copyFile', false],
  ['cp', false],
  ['link', false],
  ['symlink', false],
  ['rename', true],
]);

/**
 * `fs` or `fs/promises` with Node's permission checks as FXServer answers them: writes in the resource's own folder
 * only, reads in resources and the cache only, no path with a `..` in it.
 * @param isPromises refusals reject instead of throwing, for `fs/promises`
 */
export function sandboxFiles(name: 'node:fs' | 'node:fs/promises', access: FileAccess): Record<string, unknown> {
  const real = builtinModule(name) ?? {};
  const isPromises = name === 'node:fs/promises';
  const sandboxed: Record<string, unknown> = { ...real };
  for (const [key, value] of Object.entries(real)) {
    if (typeof value !== 'function') continue;
    const check = checkFor(key.replace(/Sync$/, ''), access);
    if (check === null) continue;
    sandboxed[key] = (...args: unknown[]) => {
      const refusal = check(args);
      if (refusal === null) return (value as Callable)(...absolute(args, key, access));
      if (isPromises) return Promise.reject(refusal);
      const callback = args.at(-1);
      if (key.endsWith('Sync') || typeof callback !== 'function') throw refusal;
      return process.nextTick(callback as Callable, refusal);
    };
  }
  if (!isPromises) sandboxed.promises = sandboxFiles('node:fs/promises', access);
  return sandboxed;
}

type Check = (args: readonly unknown[]) => Error | null;

function checkFor(name: string, access: FileAccess): Check | null {
  const read = (path: unknown) => refuse(path, 'fs.read', access);
  const write = (path: unknown) => refuse(path, 'fs.write', access);
  const firstIsWritten = PAIRS.get(name);
  if (firstIsWritten !== undefined) return ([from, to]) => (firstIsWritten ? write(from) : read(from)) ?? write(to);
  if (name === 'open') return ([path, flags]) => (opensForWriting(flags) ? write(path) : read(path));
  if (WRITES.has(name)) return ([path]) => write(path);
  if (READS.has(name)) return ([path]) => read(path);
  return null;
}

function opensForWriting(flags: unknown): boolean {
  if (typeof flags === 'number') return (flags & 3) !== 0;
  return typeof flags === 'string' && /[wa+]/.test(flags);
}

/** Relative paths count from the server's folder, which is not this process's. */
function absolute(args: readonly unknown[], name: string, access: FileAccess): unknown[] {
  const paths = PAIRS.has(name.replace(/Sync$/, '')) ? 2 : 1;
  return args.map((arg, index) =>
    index < paths && typeof arg === 'string' ? resolve(access.workingFolder, arg) : arg,
  );
}

function refuse(given: unknown, permission: 'fs.read' | 'fs.write', access: FileAccess): Error | null {
  const text = textOfPath(given);
  if (text === null) return null; // file descriptors were checked when they were opened
  const path = resolve(access.workingFolder, text);
  const climbs = text.split(/[\\/]/).includes('..');
  const allowed = !climbs && (permission === 'fs.read' ? access.mayRead(path) : access.mayWrite(path));
  if (allowed) return null;
  access.denied(permission, path);
  return accessDenied(permission === 'fs.read' ? 'FileSystemRead' : 'FileSystemWrite', path);
}

function textOfPath(path: unknown): string | null {
  if (typeof path === 'string') return path;
  if (path instanceof URL) return fileURLToPath(path);
  return ArrayBuffer.isView(path) ? Buffer.from(path.buffer, path.byteOffset, path.byteLength).toString() : null;
}

/** The error of Node's permission model. */
export function accessDenied(permission: string, resource: string): Error {
  return Object.assign(new Error('Access to this API has been restricted'), {
    code: 'ERR_ACCESS_DENIED',
    permission,
    resource,
  });
}

/** Whether `path` is `folder` or lies below it. */
export function isInside(path: string, folder: string): boolean {
  const root = join(folder, sep);
  return path.startsWith(root) || `${path}${sep}` === root;
}
