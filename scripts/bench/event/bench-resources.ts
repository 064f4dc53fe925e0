import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FxHost, type HostOptions, startHost } from '../../fxhost/host.ts';
import { projectRoot } from '../../project-root.ts';
import { BENCH_KEY, BENCH_TYPE } from './event-request.ts';

/** `bare` is what a scripter would write in ten lines, `whole` this project's resource as it is built. */
export type Subject = 'bare' | 'whole';

/** The diagnostics channel on which the subscriber says that it was called: the cheapest way out of a resource. */
export const CALLED = 'sonorancad:bench:called';

const BARE = `
SetHttpHandler((request, response) => {
  request.setDataHandler((data) => {
    emit('bench:event', JSON.parse(Buffer.from(data).toString()));
    response.writeHead(200, { 'Content-Type': 'text/plain' });
    response.send('ok');
  }, 'binary');
});`;

const SUBSCRIBERS: Readonly<Record<Subject, string>> = {
  bare: `on('bench:event', handler);`,
  whole: `on('sonorancad:ready', () => exports.sonorancad.onPushEvent('${BENCH_TYPE}', handler));`,
};

/** Where the resources of a benchmark run are written. */
export interface BenchFolder {
  readonly path: string;
  /** The built server script. */
  readonly serverScript: Uint8Array;
}

/**
 * A server of its own for one of the two, with one subscriber in another JavaScript resource.
 *
 * @returns the host; the resource that takes requests is named `sonorancad` either way
 */
export async function startSubject(subject: Subject, folder: BenchFolder, options: HostOptions): Promise<FxHost> {
  const host = await startHost(options);
  const under = join(folder.path, subject);
  const resource = join(under, 'sonorancad');
  if (subject === 'bare') writeScript(resource, BARE);
  else writeWholeResource(resource, folder.serverScript);
  const consumer = `
const called = require('node:diagnostics_channel').channel('${CALLED}');
const handler = () => called.publish(null);
${SUBSCRIBERS[subject]}`;
  writeScript(join(under, 'consumer'), consumer);
  host.addResource(resource);
  host.addResource(join(under, 'consumer'));
  // The consumer first, so that it hears that it can subscribe.
  for (const name of ['consumer', 'sonorancad']) if (!host.start(name)) throw new Error(`${name} did not start`);
  return host;
}

/** A resource of one server script. */
export function writeScript(path: string, script: string | Uint8Array): void {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'fxmanifest.lua'), `fx_version 'cerulean'\ngame 'common'\nserver_script 'server.js'\n`);
  writeFileSync(join(path, 'server.js'), script);
}

/** The resource as operators install it, with a key set. */
function writeWholeResource(path: string, serverScript: Uint8Array): void {
  mkdirSync(join(path, 'resource'), { recursive: true });
  for (const file of ['fxmanifest.lua', 'resource/exports.lua']) cpSync(join(projectRoot, file), join(path, file));
  writeFileSync(join(path, 'resource', 'server.js'), serverScript);
  writeFileSync(join(path, 'config.json'), JSON.stringify({ apiKey: BENCH_KEY, apiSendEnabled: false }));
}
