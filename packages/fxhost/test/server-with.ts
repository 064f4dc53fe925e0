import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { type FxHost, type HostOptions, startHost } from '../src/index.ts';
import { type TestResource, writeResource } from './write-resource.ts';

export { manifest, printedBy, type TestResource, writeResource } from './write-resource.ts';

const open: { host: FxHost; folder: string }[] = [];

/**
 * A server with these resources added and started, in which time stands still; ended after the test.
 * `setup` runs before there are resources, as server.cfg does.
 */
export async function serverWith(
  resources: Readonly<Record<string, TestResource>>,
  { setup, ...options }: HostOptions & { readonly setup?: (host: FxHost) => void } = {},
): Promise<FxHost> {
  const folder = mkdtempSync(join(tmpdir(), 'fxhost-test-'));
  const host = await startHost({ manualTicks: true, ...options });
  open.push({ host, folder });
  setup?.(host);
  for (const [name, resource] of Object.entries(resources)) host.addResource(writeResource(folder, name, resource));
  for (const name of Object.keys(resources)) host.ensure(name);
  return host;
}

afterEach(async () => {
  for (const { host, folder } of open.splice(0)) {
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
