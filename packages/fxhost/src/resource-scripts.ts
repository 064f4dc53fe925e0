import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResourceInfo } from './types.ts';

/** One script of a resource. */
export interface ResourceScript {
  /** As in stack traces: relative to the resource, or `@other/file`. */
  readonly file: string;
  readonly source: string;
}

/**
 * The scripts a manifest names, in the order they run: shared ones first.
 * @param side whose scripts, besides the shared ones.
 * @param folderOf folder of another resource, for `@other/file.lua`.
 * @param print called for files that do not exist, which is not an error.
 */
export function readScripts(
  resource: ResourceInfo,
  side: 'server_script' | 'client_script',
  folderOf: (name: string) => string | undefined,
  print: (text: string) => void,
): ResourceScript[] {
  const scripts: ResourceScript[] = [];
  for (const key of ['shared_script', side]) {
    const patterns = resource.metadata.get(key) ?? [];
    for (const file of patterns.flatMap((pattern) => expandGlob(resource.path, pattern))) {
      const path = pathOf(resource.path, file, folderOf);
      if (path !== null && existsSync(path)) scripts.push({ file, source: readFileSync(path, 'utf8') });
      else print(`could not find ${key} \`${file}\` (defined in fxmanifest.lua)`);
    }
  }
  return scripts;
}

/**
 * Resolves a file in a folder, or `@other/file` in the folder of another resource. Null when there is no such resource.
 */
export function pathOf(folder: string, file: string, folderOf: (name: string) => string | undefined): string | null {
  const [, other, rest] = /^@([^/]+)\/+(.+)$/.exec(file) ?? [];
  if (other === undefined || rest === undefined) return join(folder, file);
  const found = folderOf(other);
  return found === undefined ? null : join(found, rest);
}

const WILDCARD = /[*?]/;

/**
 * The files of a resource that a manifest pattern names: `*` and `?` within one folder name, `**` for any number of
 * folders. A pattern with no wildcard is taken as it stands, whether the file exists or not, and so is one of another
 * resource (`@res/file.lua`).
 * @param dir the resource's folder.
 * @returns paths relative to it with `/`, sorted.
 */
export function expandGlob(dir: string, pattern: string): string[] {
  if (!WILDCARD.test(pattern) || pattern.startsWith('@')) return [pattern];
  const matcher = matcherOf(pattern.replace(/^\.?\//, ''));
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(dir.length).replaceAll('\\', '/').replace(/^\/+/, ''))
    .filter((path) => matcher.test(path))
    .sort();
}

function matcherOf(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : `\\${part}`;
  });
  return new RegExp(`^${source}$`, 'i');
}
