import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { isProgram } from '../is-program.ts';
import { projectRoot } from '../project-root.ts';
import { packageVersion } from './package-version.ts';

/** What is built for `bin/sonorancad.js`. */
export const PROGRAM_FILE = 'dist/program.mjs';

/**
 * Builds the program into dist/. zod stays outside, as for the library; everything else is Node's.
 *
 * @throws when a source file is broken
 */
export async function packageProgram(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [join(projectRoot, 'src', 'program', 'run-program.ts')],
    absWorkingDir: projectRoot,
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['zod'],
    legalComments: 'none',
    banner: { js: `// sonorancad ${packageVersion()}, MIT licence` },
    logLevel: 'silent',
  });
  const code = outputFiles[0]?.contents;
  if (code === undefined) throw new Error('esbuild gave no output.');
  mkdirSync(join(projectRoot, 'dist'), { recursive: true });
  // In one step, so that whoever starts the program meanwhile never gets half of it.
  const path = join(projectRoot, PROGRAM_FILE);
  const unfinished = `${path}.${process.pid}.tmp`;
  writeFileSync(unfinished, code);
  renameSync(unfinished, path);
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
