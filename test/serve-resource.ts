import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DirectRequest,
  type DirectResponse,
  type FxHost,
  type HostOptions,
  startHost,
} from '../packages/fxhost/src/index.ts';
import { type TestResource, writeResource } from '../packages/fxhost/test/write-resource.ts';
import { MOVABLE_TIME } from './movable-time.ts';

/** The API key of a resource served by `serveResource`, unless its config says otherwise. */
export const KEY = 'a-key-for-testing';

/** A script to be loaded before the resource's own: says the name of each export that it offers, and how many arguments it takes. */
export const EXPORT_SPY = `
const offer = globalThis.exports;
globalThis.exports = new Proxy(offer, {
  apply(target, self, [name, callback]) {
    console.log('export ' + name + ' ' + callback.length);
    return target(name, callback);
  },
});`;

const ROOT = join(import.meta.dirname, '..');

/** A body as the CAD sends it of communities that link by the official resource: with identifiers without their prefixes. */
export const withBareIdentifiers = (body: string): string => body.replaceAll(/"(?:license|steam):/g, '"');

/** A fixture's text, with a key that is accepted unless another one is given. */
export function payload(type: string, key = KEY): string {
  const text = readFileSync(join(ROOT, 'test/fixtures/push-events', `${type}.json`), 'utf8');
  return text.replace('"test-api-key"', JSON.stringify(key));
}

export interface ServeOptions extends HostOptions {
  /** What config.json holds beside the key. */
  readonly config?: object;
  /** The folder's name, `sonorancad` unless given. */
  readonly name?: string;
  /** Scripts to be loaded before the resource's own, in its scope: name and source. */
  readonly before?: Readonly<Record<string, string>>;
  /** Lets `later` move the time of the resource. */
  readonly movableTime?: boolean;
}

/** The built resource in a folder of its own, known to a server and not yet started. */
export interface ServedResource {
  readonly host: FxHost;
  /** The resource's folder. */
  readonly own: string;
  /** Writes config.json: the key and these values. */
  configure(values: object): void;
  /** Makes another resource known. */
  add(name: string, resource: TestResource): void;
  /** Lets time pass for the resource, which must have movable time. */
  later(milliseconds: number): void;
  /** @returns status and text */
  post(body: string | Uint8Array, path?: string, headers?: Record<string, string>): Promise<[number, string]>;
  close(): Promise<void>;
}

/** Serves the resource as a checkout has it, so that a test may edit its config. To be closed after the test. */
export async function serveResource({
  config = {},
  name = 'sonorancad',
  before: scripts = {},
  movableTime = false,
  ...options
}: ServeOptions = {}): Promise<ServedResource> {
  const before = { ...(movableTime && { 'movable-time.js': MOVABLE_TIME }), ...scripts };
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-'));
  const own = join(folder, name);
  mkdirSync(join(own, 'resource'), { recursive: true });
  for (const file of [
    'package.json',
    'fxmanifest.lua',
    'resource/server.js',
    'resource/client.js',
    'resource/nats.cjs',
    'resource/prometheus.cjs',
    'resource/inspector.html',
    'resource/exports.lua',
  ])
    copyFileSync(join(ROOT, file), join(own, file));
  for (const [file, source] of Object.entries(before)) writeFileSync(join(own, file), source);
  const first = Object.keys(before).map((file) => `server_script '${file}'\n`);
  if (first.length > 0)
    writeFileSync(join(own, 'fxmanifest.lua'), first.join('') + readFileSync(join(ROOT, 'fxmanifest.lua'), 'utf8'));
  // No test asks the real CAD for anything.
  const configure = (values: object) =>
    writeFileSync(join(own, 'config.json'), JSON.stringify({ apiKey: KEY, apiSendEnabled: false, ...values }));
  configure(config);
  // On the Node of the newer edition, as that edition (scripts/jest/enhanced.config.js).
  const edition = Number.parseInt(process.versions.node, 10) >= 26 ? 'enhanced' : 'legacy';
  const host = await startHost({ edition, ...options });
  host.addResource(own, name);
  return {
    host,
    own,
    configure,
    later: (milliseconds) => void host.emit('test:later', milliseconds),
    add: (consumer, resource) => host.addResource(writeResource(folder, consumer, resource)),
    async post(body, path = `/${name}/event`, headers = {}) {
      // One that is kept open may be closed by the server just as it is used again, when this process stood still for 5 s.
      const init = { method: 'POST', body, headers: { connection: 'close', ...headers } };
      const answer = await fetch(host.url + path, init);
      return [answer.status, await answer.text()];
    },
    async close() {
      await host.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Posts past the sockets, so that the answer is there before anything else happens. */
export function postDirectly(
  host: FxHost,
  body: string | Uint8Array,
  { headers, ...request }: DirectRequest = {},
): Promise<DirectResponse> {
  const bytes = Buffer.from(body as string);
  return host.request('sonorancad', {
    method: 'POST',
    path: '/event',
    headers: { 'content-length': String(bytes.length), ...headers },
    body: bytes,
    ...request,
  });
}
