import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildPackage } from '../scripts/build/packages.ts';
import { projectRoot } from '../scripts/project-root.ts';

/**
 * Builds and packs a package, and puts it into the node_modules of an empty folder as `npm install` would, off the
 * network: its dependencies are links to those that are installed here.
 *
 * @returns the folder, and the files of the tarball
 */
export async function installPackage(name: string): Promise<{ folder: string; files: string[] }> {
  await buildPackage(name);
  const folder = mkdtempSync(join(tmpdir(), `${name}-installed-`));
  const options = { encoding: 'utf8', shell: process.platform === 'win32' } as const;
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const packed = execFileSync('npm', args, { ...options, cwd: join(projectRoot, 'packages', name) });
  const [{ filename, files }] = JSON.parse(packed) as [{ filename: string; files: { path: string }[] }];
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  execFileSync('tar', ['-xzf', filename], { ...options, cwd: folder });
  renameSync(join(folder, 'package'), join(modules, name));
  const manifest = readFileSync(join(modules, name, 'package.json'), 'utf8');
  for (const dependency of Object.keys((JSON.parse(manifest) as { dependencies: object }).dependencies))
    linkModule(folder, dependency);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return { folder, files: files.map(({ path }) => path) };
}

/** Links a module that is installed here into the node_modules of a folder. */
export function linkModule(folder: string, name: string): void {
  const target = join(folder, 'node_modules', name);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(join(projectRoot, 'node_modules', name), target, 'junction');
}

/**
 * Writes the samples of a page whose first line names a file, such as `-- hello/server.lua`.
 *
 * @returns their names
 */
export function writeSamples(page: string, folder: string): string[] {
  const samples = page.matchAll(/^```\w+\n(?:--|\/\/|#) (\S+\.\w+)\n(.*?)^```$/gms);
  return [...samples].map(([, name = '', text = '']) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
    return name;
  });
}
