import { isProgram } from '../is-program.ts';
import { packageListener } from './package-listener.ts';
import { packageProgram } from './package-program.ts';

/** Builds what the npm package holds: the library and the program. */
export async function packageNpm(): Promise<void> {
  await packageListener();
  await packageProgram();
}

if (isProgram(import.meta.url)) {
  try {
    await packageNpm();
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
