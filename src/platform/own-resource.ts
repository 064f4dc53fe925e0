import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../text/reason-of.ts';

/** This resource, as the game server knows it. */
export interface OwnResource {
  /** The folder's name, which is part of the address that the CAD calls. */
  readonly name: string;
  /** Three plain numbers, from the manifest. */
  readonly version: string;
  /** @returns the text of a file of this resource, or null when there is none */
  readFile(path: string): string | null;
  /** Whether there is such a file of this resource, even one that another program holds back. */
  hasFile(path: string): boolean;
  /** Writes a file of this resource that does not exist yet. @returns why that was refused, null when it was written */
  createFile(path: string, text: string): string | null;
}

export function readOwnResource(): OwnResource {
  const name = GetCurrentResourceName();
  const folder = GetResourcePath(name);
  return {
    name,
    version: (GetResourceMetadata(name, 'version', 0) as string | null) ?? '0.0.0',
    // The published typings promise a string; the native gives null for a file that is not there.
    readFile: (path) => LoadResourceFile(name, path) as string | null,
    hasFile: (path) => existsSync(join(folder, path)),
    createFile: (path, text) => createFile(join(folder, path), text),
  };
}

/** Not by the native: that overwrites what is there. */
function createFile(path: string, text: string): string | null {
  try {
    const file = openSync(path, 'wx');
    try {
      writeFileSync(file, text);
    } catch (error) {
      // Half a file would be read at the next start.
      rmSync(path);
      throw error;
    } finally {
      closeSync(file);
    }
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? reasonOf(error);
  }
}
