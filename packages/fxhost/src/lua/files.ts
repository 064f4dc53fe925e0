import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FileAccess } from '../js/file-sandbox.ts';
import { pathOf } from '../resource-scripts.ts';

export interface LuaFiles {
  /** Which files the resource may read and write. */
  readonly access: FileAccess;
  /** Folder of another resource, for paths such as `@other/file.txt`. */
  folderOf(resource: string): string | undefined;
}

/**
 * The operations behind `io` of one Lua runtime. They give `undefined` for a file that does not exist or that the
 * resource may not use.
 */
export function fileOperations({ access, folderOf }: LuaFiles) {
  const locate = (path: string) => {
    const found = path.startsWith('@') ? pathOf('', path, folderOf) : resolve(access.workingFolder, path);
    return found === null ? null : resolve(found);
  };
  const attempt = (path: string, permission: 'fs.read' | 'fs.write', run: (path: string) => Uint8Array | string) => {
    const found = locate(path);
    if (found === null) return undefined;
    if (!(permission === 'fs.read' ? access.mayRead(found) : access.mayWrite(found))) {
      access.denied(permission, found);
      return undefined;
    }
    try {
      return run(found);
    } catch {
      return undefined; // scripts are told no more than that
    }
  };
  return {
    readFile: (path: string) => attempt(path, 'fs.read', readFileSync),
    writeFile: (path: string, content: Uint8Array = new Uint8Array()) =>
      attempt(path, 'fs.write', (found) => {
        writeFileSync(found, content);
        return 'written';
      }),
    /** Names, one on each line. */
    listFolder: (path: string) => attempt(path, 'fs.read', (found) => readdirSync(found).sort().join('\n')),
  };
}
