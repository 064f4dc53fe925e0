import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProgram } from '../is-program.ts';
import { projectRoot } from '../project-root.ts';
import { bundleForNode } from './bundle-for-node.ts';
import { writeDist } from './write-dist.ts';

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
 * `.d.ts` of this package for that of an ES module.
 *
 * @throws when a source file is broken
 */
export async function packageListener(): Promise<void> {
  const entry = 'listener/create-push-event-listener.ts';
  const [esm, cjs] = await Promise.all([bundleForNode(entry, 'esm'), bundleForNode(entry, 'cjs')]);
  const types = typesFile();
  writeDist({
    'listener.mjs': esm,
    'listener.cjs': cjs,
    'listener.d.ts': types,
    'listener.d.cts': types,
    'types.d.cts': readFileSync(join(projectRoot, 'types.d.ts')),
  });
}

/** The public types as they are written, without remarks to ourselves, and the one value. */
function typesFile(): string {
  const source = readFileSync(join(projectRoot, 'src', 'listener', 'push-event-listener.ts'), 'utf8');
  return `${source.replace(/^\/\/ .*\n/gm, '')}\nexport declare const createPushEventListener: CreatePushEventListener;\n`;
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
