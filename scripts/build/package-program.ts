import { isProgram } from '../is-program.ts';
import { bundleForNode } from './bundle-for-node.ts';
import { writeDist } from './write-dist.ts';

/** What is built for `bin/sonorancad.js`. */
export const PROGRAM_FILE = 'dist/program.mjs';

/**
 * Builds the program into dist/.
 *
 * @throws when a source file is broken
 */
export async function packageProgram(): Promise<void> {
  writeDist({ 'program.mjs': await bundleForNode('program/run-program.ts', 'esm') });
}

if (isProgram(import.meta.url)) {
  try {
    await packageProgram();
    console.log(PROGRAM_FILE);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
