import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from './project-root.ts';

/** Where `npm start` leaves the API key of the running stand-in, for `npm run send` to find. Git ignores the folder. */
const developmentKeyPath = join(projectRoot, '.fxhost', 'key');

/**
 * Reads the key that the last `npm start` wrote.
 *
 * @returns the key without surrounding whitespace, or null when there is none
 * @throws when the file exists and cannot be read
 */
export function readDevelopmentKey(path = developmentKeyPath): string | null {
  try {
    return readFileSync(path, 'utf8').trim() || null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Writes the key, making the folder when needed. Only the current user can read the file. */
export function writeDevelopmentKey(key: string, path = developmentKeyPath): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${key}\n`, { mode: 0o600 });
}
