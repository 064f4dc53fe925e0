import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FxHost } from '../src/index.ts';

/** A resource of a test: its server script, or its files by name. A manifest is added when there is none. */
export type TestResource = string | Readonly<Record<string, string>>;

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
