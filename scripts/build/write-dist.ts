import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../project-root.ts';

/**
 * Writes files into dist/, each in one step, so that whoever packs or starts one meanwhile never gets half of it.
 *
 * @param contents by name
 */
export function writeDist(contents: Readonly<Record<string, string | Uint8Array>>): void {
  const folder = join(projectRoot, 'dist');
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(contents)) {
    const path = join(folder, name);
    const unfinished = `${path}.${process.pid}.tmp`;
    writeFileSync(unfinished, content);
    renameSync(unfinished, path);
  }
}
