import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { projectRoot } from '../project-root.ts';
import { dropWarnings } from './drop-warnings.ts';

import { leaveOutDescriptions } from './leave-out-descriptions.ts';
import { ownContentTypes } from './own-content-types.ts';
import { shortenVariables } from './shorten-variables.ts';
import { shrinkKoa } from './shrink-koa.ts';
import { shrinkRouter } from './shrink-router.ts';
import { shrinkSignalr } from './shrink-signalr.ts';
import { shrinkZod } from './shrink-zod.ts';

/** What keeps out of a script what nothing there uses. */
export const leftOut: readonly Plugin[] = [
  ownContentTypes,
  leaveOutDescriptions,
  dropWarnings,
  shrinkKoa,
  shrinkRouter,
  shrinkSignalr,
  shrinkZod,
];

/** Which files to bundle, absolute. */
export interface BundleEntries {
  /** Default `src/server.ts`. */
  readonly serverEntry?: string;
  /** Default `src/client.ts`; a file that does not exist means that there is no client script. */
  readonly clientEntry?: string;
}

/** The scripts of the resource, and esbuild's account of what went into them. */
export interface Bundle {
  readonly server: Uint8Array;
  readonly client: Uint8Array | null;
  readonly metafiles: readonly Metafile[];
}

/**
 * Bundles the resource's scripts in memory. FXServer and the game run them as classic scripts, hence IIFE.
 *
 * @param version goes into the first line of each script
 * @throws when a source file is broken, or the server script would need something at run time that is not part of Node
 */
export async function bundleResource(version: string, entries: BundleEntries = {}): Promise<Bundle> {
  const serverEntry = entries.serverEntry ?? join(projectRoot, 'src', 'server.ts');
  const clientEntry = entries.clientEntry ?? join(projectRoot, 'src', 'client.ts');
  if (!existsSync(serverEntry)) throw new Error(`There is nothing to bundle: ${serverEntry} does not exist.`);
  const [server, client] = await Promise.all([
    bundle(version, { entryPoints: [serverEntry], platform: 'node', target: 'node22' }),
    existsSync(clientEntry)
      ? bundle(version, { entryPoints: [clientEntry], platform: 'browser', target: 'es2020' })
      : Promise.resolve(null),
  ]);
  refuseForeignModules(server.metafile);
  return {
    server: server.code,
    client: client?.code ?? null,
    metafiles: [server, client].flatMap((part) => part?.metafile ?? []),
  };
}

async function bundle(version: string, options: BuildOptions): Promise<{ code: Uint8Array; metafile: Metafile }> {
  const result = await build({
    ...options,
    absWorkingDir: projectRoot,
    bundle: true,
    write: false,
    format: 'iife',
    // Not `keepNames`: that is a call for every function that is made, 30 µs for each event.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 120,
    legalComments: 'none',
    // Of a package that has both forms the one of which what is unused can be left out.
    mainFields: ['module', 'main'],
    // ws's switches for its optional native parts, which the resource does not have.
    define: { 'process.env.WS_NO_BUFFER_UTIL': '"1"', 'process.env.WS_NO_UTF_8_VALIDATE': '"1"' },
    banner: { js: `// sonorancad ${version}, MIT licence; what is bundled with it: THIRD-PARTY-NOTICES.txt` },
    // Its UMD build hides from the bundler what it requires.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    plugins: [...leftOut],
    metafile: true,
    logLevel: 'silent',
  });
  const code = result.outputFiles?.[0]?.contents;
  if (code === undefined || result.metafile === undefined) throw new Error('esbuild gave no output.');
  const script = await shortenVariables(Buffer.from(code).toString(), Object.keys(result.metafile.inputs));
  return { code: Buffer.from(script), metafile: result.metafile };
}

function refuseForeignModules(metafile: Metafile): void {
  const foreign = Object.values(metafile.outputs)
    .flatMap((output) => output.imports.map(({ path }) => path))
    .filter((path) => !isBuiltin(path));
  if (foreign.length > 0) throw new Error(`server.js would require what FXServer does not have: ${foreign.join(', ')}`);
}
