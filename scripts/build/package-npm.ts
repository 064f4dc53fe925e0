import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runProgram } from '../is-program.ts';
import { projectRoot } from '../project-root.ts';
import { readSamples } from '../send/sample-payloads.ts';
import { bundleForNode } from './bundle.ts';

/** What is built for the library; `types.d.ts` is committed, and goes along. */
export const LISTENER_FILES = [
  'dist/listener.cjs',
  'dist/listener.d.cts',
  'dist/listener.d.ts',
  'dist/listener.mjs',
  'dist/types.d.cts',
] as const;

/** What the library exports beside types, and of which type each is. */
const VALUES = {
  createPushEventListener: 'CreatePushEventListener',
  createPushEventConsumer: 'CreatePushEventConsumer',
  PUSH_EVENT_TYPES: 'readonly PushEventType[]',
  UNIT_STATUS: 'UnitStatusNumbers',
  verifySignature: 'VerifySignature',
} as const;

/** What is built for `bin/sonorancad.js`: the program, and what its command `send` sends. */
export const PROGRAM_FILES = ['dist/program.mjs', 'dist/sample-events.json'] as const;

/**
 * Builds into dist/ what the npm package holds: the program, and the library `sonorancad/listener` for both module systems, with
 * its types for both, since TypeScript takes a `.d.ts` of this package for that of an ES module.
 *
 * @throws when a source file is broken
 */
export async function packageNpm(): Promise<void> {
  const entry = 'listener/create-push-event-listener.ts';
  const [esm, cjs, program] = await Promise.all([
    bundleForNode(entry, 'esm'),
    bundleForNode(entry, 'cjs'),
    bundleForNode('program/program.ts', 'esm'),
  ]);
  const types = typesFile();
  replaceFiles(projectRoot, {
    'dist/listener.mjs': esm,
    'dist/listener.cjs': cjs,
    'dist/listener.d.ts': types,
    'dist/listener.d.cts': types,
    'dist/types.d.cts': readFileSync(join(projectRoot, 'types.d.ts')),
    'dist/program.mjs': program,
    'dist/sample-events.json': JSON.stringify(readSamples()),
  });
}

/** The public types as they are written, without remarks to ourselves, and the values. */
function typesFile(): string {
  const source = readFileSync(join(projectRoot, 'src', 'listener', 'push-event-listener.ts'), 'utf8');
  const values = Object.entries(VALUES).map(([name, type]) => `export declare const ${name}: ${type};\n`);
  return [source.replace(/^\/\/ .*\n/gm, ''), ...values].join('\n');
}

/** Writes each file in one step, so that what packs, starts or reads one meanwhile never gets half of it. */
export function replaceFiles(folder: string, contents: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(contents)) {
    const path = join(folder, name);
    const unfinished = `${path}.${process.pid}.tmp`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(unfinished, content);
    renameSync(unfinished, path);
  }
}

await runProgram(import.meta.url, () => packageNpm());
