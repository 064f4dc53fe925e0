import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from '@jest/globals';
import { type FxHost, type HostOptions, startHost } from '../../scripts/fxhost/host.ts';

/** A resource of a test: its server script, or its files by name. A manifest is added when there is none. */
export type TestResource = string | Readonly<Record<string, string>>;

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

/** @returns the folder of the resource written. */
export function writeResource(folder: string, name: string, resource: TestResource): string {
  const files = typeof resource === 'string' ? { 'server.js': resource } : resource;
  const path = join(folder, name);
  const withManifest = { 'fxmanifest.lua': manifest(), ...files };
  for (const [file, content] of Object.entries(withManifest)) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), content);
  }
  return path;
}

/** @param lines further lines of the manifest; `server.js` is its script unless they name one. */
export function manifest(...lines: string[]): string {
  const scripts = lines.some((line) => line.includes('_script')) ? [] : [`server_script 'server.js'`];
  return [`fx_version 'cerulean'`, `game 'common'`, ...scripts, ...lines, ''].join('\n');
}

/** What the scripts of a resource printed. */
export function printedBy(host: FxHost, resource: string): string[] {
  const channel = `[script:${resource}] `;
  return host.lines.filter((line) => line.startsWith(channel)).map((line) => line.slice(channel.length));
}

afterEach(async () => {
  for (const { host, folder } of open.splice(0)) {
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
