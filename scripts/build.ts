import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { transformSync } from 'esbuild';
import { type BundleEntries, bundleResource } from './build/bundle.ts';
import { bundlePage } from './build/bundle-page.ts';
import { packageNpm } from './build/package-npm.ts';
import { packageVersion, setManifestVersion } from './build/versions.ts';
import { isProgram } from './is-program.ts';
import { projectRoot } from './project-root.ts';

export interface BuildOptions extends BundleEntries {
  /** Prints nothing. */
  readonly quiet?: boolean;
  /** Absolute folder for server.js, client.js and inspector.html. Default `resource/`. */
  readonly outputFolder?: string;
}

export interface BuildResult {
  /** Size of each script written; no `client` while there is no client script. */
  readonly bytes: { readonly server: number; readonly client?: number };
}

/**
 * Builds resource/server.js, inspector.html (and client.js, once there is a src/client.ts) and puts package.json's version
 * into fxmanifest.lua.
 *
 * @throws when a source file is broken, see {@link bundleResource}, or package.json's version is not three numbers
 */
export async function build(options: BuildOptions = {}): Promise<BuildResult> {
  const version = packageVersion();
  const outputFolder = options.outputFolder ?? join(projectRoot, 'resource');
  writeManifestVersion(version);
  buildExamples();
  const [{ server, client }, { html }] = await Promise.all([bundleResource(version, options), bundlePage()]);
  mkdirSync(outputFolder, { recursive: true });
  const say = options.quiet ? () => undefined : console.log;
  for (const [name, code] of Object.entries({ 'server.js': server, 'client.js': client, 'inspector.html': html })) {
    if (code === null) continue;
    const path = join(outputFolder, name);
    replaceFile(path, code);
    say(`${relative(projectRoot, path)}  ${Math.ceil(code.byteLength / 1000)} kB`);
  }
  return { bytes: { server: server.byteLength, ...(client && { client: client.byteLength }) } };
}

function writeManifestVersion(version: string): void {
  const path = join(projectRoot, 'fxmanifest.lua');
  const manifest = readFileSync(path, 'utf8');
  const updated = setManifestVersion(manifest, version);
  if (updated !== manifest) writeFileSync(path, updated);
}

/** In one step, so that a server starting the resource meanwhile never reads half a script. */
function replaceFile(path: string, content: Uint8Array): void {
  const unfinished = `${path}.${process.pid}.tmp`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, path);
}

if (isProgram(import.meta.url)) {
  try {
    await build();
    await packageNpm();
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

/** Makes the script of the TypeScript example, as a scripter's own build would: the game server runs plain scripts only. */
export function buildExamples(): void {
  const folder = join(projectRoot, 'examples', 'ts-consumer');
  const source = readFileSync(join(folder, 'server.ts'), 'utf8');
  const { code } = transformSync(source, { loader: 'ts', format: 'iife', target: 'node22' });
  writeFileSync(join(folder, 'server.js'), code);
}
