import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

/** Unpacks a zip into a folder. @returns the files in it, as the zip names them */
export function unpack(zip: string, folder: string): string[] {
  const files = Object.entries(unzipSync(readFileSync(zip)));
  for (const [name, content] of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return files.map(([name]) => name);
}
