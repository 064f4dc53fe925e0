import { readFileSync, writeFileSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { ResourceInfo } from '../types.ts';
import { integerArgument, requiredBytes, requiredText } from './native-arguments.ts';

/**
 * What `LoadResourceFile` gives: text up to the first NUL, invalid UTF-8 replaced, null for what cannot be read or lies
 * outside the resource's folder.
 */
export function loadResourceFile(folder: string, file: string): string | null {
  const path = pathInside(folder, file);
  if (path === null) return null;
  try {
    const text = readFileSync(path, 'utf8');
    const end = text.indexOf('\0');
    return end === -1 ? text : text.slice(0, end);
  } catch {
    return null; // the native tells scripts no more than that
  }
}

/**
 * `SaveResourceFile(resource, file, data, length)`: only into the caller's own folder, never making folders. A length of
 * 0 or -1 means up to the first NUL.
 *
 * @returns whether the file was written.
 */
export function saveResourceFile(caller: ResourceInfo, args: readonly unknown[]): boolean {
  const name = requiredText(args, 0);
  const path = pathInside(caller.path, requiredText(args, 1));
  const bytes = requiredBytes(args, 2);
  const length = integerArgument(args, 3);
  if (name !== caller.name || path === null) return false;

  const nul = bytes.indexOf(0);
  const end = length > 0 ? length : nul === -1 ? bytes.length : nul;
  try {
    writeFileSync(path, bytes.subarray(0, end));
    return true;
  } catch {
    return false; // the native tells scripts no more than that
  }
}

function pathInside(folder: string, file: string): string | null {
  const root = resolve(folder);
  const path = resolve(root, `./${file}`);
  return path.startsWith(root + sep) ? path : null;
}
