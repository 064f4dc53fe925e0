import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Format } from 'esbuild';
import { isProgram } from '../is-program.ts';
import { projectRoot } from '../project-root.ts';
import { packageVersion } from './package-version.ts';

/** What is built for the npm package; `types.d.ts` is committed, and goes along. */
export const LISTENER_FILES = [
  'dist/listener.cjs',
  'dist/listener.d.cts',
  'dist/listener.d.ts',
  'dist/listener.mjs',
  'dist/types.d.cts',
] as const;

/**
 * Builds the library `sonorancad/listener` for both module systems, and its types for both, into dist/: TypeScript takes a
 * `.d.ts` of this package for that of an ES module. zod stays outside, everything else is Node's.
 *
 * @throws when a source file is broken
 */
export async function packageListener(): Promise<void> {
  const [esm, cjs] = await Promise.all([bundle('esm'), bundle('cjs')]);
  const types = typesFile();
  mkdirSync(join(projectRoot, 'dist'), { recursive: true });
  const contents = { 'listener.mjs': esm, 'listener.cjs': cjs, 'listener.d.ts': types, 'listener.d.cts': types };
  for (const [name, content] of Object.entries(contents)) replaceFile(name, (path) => writeFileSync(path, content));
  replaceFile('types.d.cts', (path) => copyFileSync(join(projectRoot, 'types.d.ts'), path));
}

async function bundle(format: Format): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(projectRoot, 'src', 'listener', 'create-push-event-listener.ts')],
    absWorkingDir: projectRoot,
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format,
    external: ['zod'],
    legalComments: 'none',
    banner: { js: `// sonorancad ${packageVersion()}, MIT licence` },
    logLevel: 'silent',
  });
  const code = outputFiles[0]?.contents;
  if (code === undefined) throw new Error('esbuild gave no output.');
  return code;
}

/** The public types as they are written, without remarks to ourselves, and the one value. */
function typesFile(): string {
  const source = readFileSync(join(projectRoot, 'src', 'listener', 'push-event-listener.ts'), 'utf8');
  return `${source.replace(/^\/\/ .*\n/gm, '')}\nexport declare const createPushEventListener: CreatePushEventListener;\n`;
}

/** In one step, so that whoever packs meanwhile never gets half a file. */
function replaceFile(name: string, write: (path: string) => void): void {
  const path = join(projectRoot, 'dist', name);
  const unfinished = `${path}.${process.pid}.tmp`;
  write(unfinished);
  renameSync(unfinished, path);
}

if (isProgram(import.meta.url)) {
  try {
    await packageListener();
    console.log(LISTENER_FILES.join('\n'));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
