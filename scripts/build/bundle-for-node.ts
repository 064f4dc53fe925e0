import { join } from 'node:path';
import { build, type Format } from 'esbuild';
import { projectRoot } from '../project-root.ts';
import { packageVersion } from './package-version.ts';

/**
 * Bundles what runs outside the game, for Node 20 and newer. zod stays outside, everything else is Node's.
 *
 * @param entry below `src/`
 * @throws when a source file is broken
 */
export async function bundleForNode(entry: string, format: Format): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(projectRoot, 'src', entry)],
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
