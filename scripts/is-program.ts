import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Whether a module is the program being run rather than one that was imported. Node 22 has no `import.meta.main`.
 *
 * @param moduleUrl the module's own `import.meta.url`
 */
export function isProgram(moduleUrl: string): boolean {
  const program = process.argv[1];
  return program !== undefined && realpathSync(program) === fileURLToPath(moduleUrl);
}
