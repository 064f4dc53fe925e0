import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { type BuildOptions, build, type Format, type Metafile } from 'esbuild';
import { projectRoot } from '../project-root.ts';
import { packageVersion } from './versions.ts';

/**
 * What is used of two packages, as scripts of the resource's own, which the server script requires when it needs them: the game server
 * would compile them at each start, and most servers have neither a broker nor are scraped.
 */
const NATS = `export { jetstream, jetstreamManager } from '@nats-io/jetstream';
  export { connect, credsAuthenticator, headers, nanos, nkeyAuthenticator } from '@nats-io/transport-node';`;
const PROMETHEUS = `export { Counter, Gauge, Histogram, Registry } from 'prom-client';`;
/** Paths in what the server script requires begin at the resource's folder. */
const OWN_SCRIPTS = ['./resource/nats.cjs', './resource/prometheus.cjs'];

/** How a server script is bundled. FXServer runs it as a classic script, hence IIFE; `mainFields` lets unused exports be left out. */
const serverOptions: BuildOptions = {
  absWorkingDir: projectRoot,
  bundle: true,
  write: false,
  format: 'iife',
  platform: 'node',
  target: 'node22',
  mainFields: ['module', 'main'],
  define: {
    // `debug` for browsers asks for no `supports-color`; the others are ws's switches for its optional native parts.
    'process.browser': 'true',
    'process.env.WS_NO_BUFFER_UTIL': '"1"',
    'process.env.WS_NO_UTF_8_VALIDATE': '"1"',
  },
  legalComments: 'none',
  logLevel: 'silent',
};

/**
 * Bundles the resource's scripts in memory.
 *
 * @param version goes into the first line of each script
 * @param serverEntry absolute; `src/server.ts` unless given
 * @throws when a source file is broken, or the server script would need something at run time that is not part of Node
 */
export async function bundleResource(version: string, serverEntry = join(projectRoot, 'src', 'server.ts')) {
  const shared: BuildOptions = {
    ...serverOptions,
    banner: { js: `// sonorancad ${version}, MIT licence; what is bundled with it: THIRD-PARTY-NOTICES.txt` },
  };
  // FXServer's `require` runs these as CommonJS, from the zip and from a clone alike.
  const required = (contents: string) =>
    bundle({ ...shared, stdin: { contents, resolveDir: projectRoot }, format: 'cjs' });
  const [server, nats, prometheus, client] = await Promise.all([
    bundle({ ...shared, entryPoints: [serverEntry], external: OWN_SCRIPTS }),
    required(NATS),
    required(PROMETHEUS),
    bundle({ ...shared, entryPoints: [join(projectRoot, 'src', 'client.ts')], platform: 'browser', target: 'es2020' }),
  ]);
  for (const { metafile } of [server, nats, prometheus]) refuseForeignModules(metafile);
  return {
    server: server.code,
    nats: nats.code,
    prometheus: prometheus.code,
    client: client.code,
    /** esbuild's account of what went into them. */
    metafiles: [server.metafile, nats.metafile, prometheus.metafile, client.metafile],
  };
}

/**
 * Bundles what runs outside the game, for Node 22 and newer. valibot stays outside, and the broker's client, which only workers of a
 * stream need; everything else is Node's.
 *
 * @param entry below `src/`
 * @throws when a source file is broken
 */
export async function bundleForNode(entry: string, format: Format): Promise<Uint8Array> {
  const { code } = await bundle({
    ...serverOptions,
    entryPoints: [join(projectRoot, 'src', entry)],
    format,
    external: ['valibot', '@nats-io/transport-node', '@nats-io/jetstream'],
    banner: { js: `// sonorancad ${packageVersion()}, MIT licence` },
  });
  return code;
}

async function bundle(options: BuildOptions): Promise<{ code: Uint8Array; metafile: Metafile }> {
  const { outputFiles, metafile } = await build({ ...options, metafile: true });
  const code = outputFiles?.[0]?.contents;
  if (code === undefined || metafile === undefined) throw new Error('esbuild gave no output.');
  return { code, metafile };
}

function refuseForeignModules({ outputs }: Metafile): void {
  const imports = Object.values(outputs).flatMap((output) => output.imports.map(({ path }) => path));
  const foreign = imports.filter((path) => !isBuiltin(path) && !OWN_SCRIPTS.includes(path));
  if (foreign.length > 0) throw new Error(`server.js would require what FXServer does not have: ${foreign.join(', ')}`);
}
