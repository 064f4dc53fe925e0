import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FileAccess } from '../js/file-sandbox.ts';
import { pathOf } from '../resource-scripts.ts';

export interface LuaFiles {
  /** What one resource may do with files. */
  readonly access: FileAccess;
  /** Folder of another resource, for paths such as `@other/file.txt`. */
  folderOf(resource: string): string | undefined;
}

/** The files that scripts reach by `io`, as operations of the Lua runtime. What is refused or not there gives nothing. */
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
