import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const isCategory = (name: string) => /^\[.+\]$/.test(name);

/** Whether a folder is a resource. */
export function isResource(folder: string): boolean {
  return existsSync(join(folder, 'fxmanifest.lua'));
}

/**
 * Finds the resources in a folder as FXServer finds those in `resources/`: its subfolders with a manifest, and those in
 * categories, which are folders with a name in brackets.
 *
 * @returns their folders, sorted; none when there is no such folder
 */
export function findResources(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => join(folder, name))
    .sort()
    .flatMap((path) => {
      if (isResource(path)) return [path];
      return isCategory(basename(path)) ? findResources(path) : [];
    });
}

/** The folder in which a resource and its dependencies lie: its parent, or what its category is in. */
export function folderOfResources(resource: string): string {
  const parent = dirname(resource);
  return isCategory(basename(parent)) ? folderOfResources(parent) : parent;
}
