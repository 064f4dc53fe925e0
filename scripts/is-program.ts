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

/**
 * Runs what a module does as a program, if that is what it is.
 *
 * @param main its errors are plain ones, whose message is meant for the person who started it
 */
export async function runProgram(moduleUrl: string, main: () => Promise<void>): Promise<void> {
  if (!isProgram(moduleUrl)) return;
  try {
    await main();
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
