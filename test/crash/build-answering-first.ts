import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { leftOut } from '../../scripts/build/bundle.ts';
import { projectRoot } from '../../scripts/project-root.ts';

const ENQUEUE = /forwarding\.enqueue\((.*)\);/;

/** Builds the server script with one thing wrong: an event is answered first and stored a moment later. */
export async function buildAnsweringFirst(): Promise<Uint8Array> {
  const folder = join(projectRoot, 'src');
  const source = readFileSync(join(folder, 'server.ts'), 'utf8');
  if (!ENQUEUE.test(source))
    throw new Error('src/server.ts hands events to the forwarding in another way than this build knows.');
  const result = await build({
    stdin: {
      contents: source.replace(ENQUEUE, 'clock.soon(() => forwarding.enqueue($1));'),
      resolveDir: folder,
      sourcefile: 'server.ts',
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'node',
    target: 'node22',
    plugins: [...leftOut],
    logLevel: 'silent',
  });
  const [script] = result.outputFiles;
  if (script === undefined) throw new Error('esbuild gave no output.');
  return script.contents;
}
