import { copyFileSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runProgram } from '../is-program.ts';
import { projectRoot } from '../project-root.ts';
import { runTool } from '../run-tool.ts';

/** The packages beside the resource, in `packages/`. */
export const PACKAGES = ['fxhost', 'fakecad'] as const;

/**
 * Builds a package into its dist/: plain modules, their declaration files, and the files that they read at run time.
 *
 * @throws when the sources do not compile
 */
export async function buildPackage(name: string): Promise<void> {
  const folder = join(projectRoot, 'packages', name);
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  const args = ['-p', `packages/${name}/tsconfig.build.json`];
  const { code, output } = await runTool('node_modules/typescript/bin/tsc', args, { capture: true });
  if (code !== 0) throw new Error(`packages/${name} does not compile:\n${output}`);
  for (const file of globSync('**/*.{html,js,json,lua}', { cwd: join(folder, 'src') })) {
    const target = join(folder, 'dist', file);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(folder, 'src', file), target);
  }
}

await runProgram(import.meta.url, async () => {
  const named = process.argv.slice(2);
  for (const name of named.length > 0 ? named : PACKAGES) await buildPackage(name);
});
