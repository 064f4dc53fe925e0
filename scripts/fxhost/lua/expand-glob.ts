import { readdirSync } from 'node:fs';

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
