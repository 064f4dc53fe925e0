import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { transformSync } from 'esbuild';
import { bundleResource } from './build/bundle.ts';
import { bundlePage } from './build/bundle-page.ts';
import { packageNpm, replaceFiles } from './build/package-npm.ts';
import { packageVersion, setManifestVersion } from './build/versions.ts';
import { runProgram } from './is-program.ts';
import { projectRoot } from './project-root.ts';

/**
 * Builds resource/server.js, nats.cjs, prometheus.cjs, client.js and inspector.html, and puts package.json's version into fxmanifest.lua.
 *
 * @param options `quiet`: prints nothing
 * @throws when a source file is broken, see {@link bundleResource}, or package.json's version is not three numbers
 */
export async function build({ quiet = false } = {}): Promise<void> {
  const version = packageVersion();
  const outputFolder = join(projectRoot, 'resource');
  writeManifestVersion(version);
  buildExamples();
  const [{ server, nats, prometheus, client }, { html }] = await Promise.all([bundleResource(version), bundlePage()]);
  const scripts = { 'server.js': server, 'nats.cjs': nats, 'prometheus.cjs': prometheus, 'client.js': client };
  const files = { ...scripts, 'inspector.html': html };
  replaceFiles(outputFolder, files);
  if (quiet) return;
  for (const [name, code] of Object.entries(files)) {
    console.log(`${relative(projectRoot, join(outputFolder, name))}  ${Math.ceil(code.byteLength / 1000)} kB`);
  }
}

function writeManifestVersion(version: string): void {
  const path = join(projectRoot, 'fxmanifest.lua');
  const manifest = readFileSync(path, 'utf8');
  const updated = setManifestVersion(manifest, version);
  if (updated !== manifest) writeFileSync(path, updated);
}

await runProgram(import.meta.url, async () => {
  await build();
  await packageNpm();
});

/** Makes the script of the TypeScript example, as a scripter's own build would: the game server runs plain scripts only. */
function buildExamples(): void {
  const folder = join(projectRoot, 'examples', 'ts-consumer');
  const source = readFileSync(join(folder, 'server.ts'), 'utf8');
  const { code } = transformSync(source, { loader: 'ts', format: 'iife', target: 'node22' });
  writeFileSync(join(folder, 'server.js'), code);
}
