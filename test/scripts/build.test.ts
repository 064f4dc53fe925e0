import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { LuaFactory } from 'wasmoon';
import { thirdPartyNotices } from '../../scripts/build/third-party-notices.ts';
import { packageVersion, setManifestVersion } from '../../scripts/build/versions.ts';
import { projectRoot } from '../../scripts/project-root.ts';

const manifest = "fx_version 'cerulean'\nversion '5.0.0'\nnode_version '22'\n";

describe('the version in the manifest', () => {
  it('changes in one line and nowhere else', () => {
    expect(setManifestVersion(manifest, '6.10.3')).toBe("fx_version 'cerulean'\nversion '6.10.3'\nnode_version '22'\n");
  });

  it.each(['5.0', '5.0.0-beta.1', '5.0.0.1', 'v5.0.0', ''])('refuses "%s"', (version) => {
    expect(() => setManifestVersion(manifest, version)).toThrow('three plain numbers');
  });

  it('must have a line to stand in', () => {
    expect(() => setManifestVersion("game 'common'\n", '5.0.0')).toThrow('no line of the form');
  });

  it('is that of package.json, and at least the 4.0.72 that other resources ask for', () => {
    const version = packageVersion();
    expect(readFileSync(join(projectRoot, 'fxmanifest.lua'), 'utf8')).toContain(`\nversion '${version}'\n`);
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
    expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(4_000_072);
  });
});

/** As esbuild describes an output made of these inputs. */
function metafileOf(bytes: Readonly<Record<string, number>>): Metafile {
  const inputs = Object.fromEntries(Object.entries(bytes).map(([path, bytesInOutput]) => [path, { bytesInOutput }]));
  return { inputs: {}, outputs: { 'server.js': { bytes: 1, inputs, imports: [], exports: [] } } };
}

describe('the third-party notices', () => {
  it('name each bundled package once, with its version, licence and licence text', () => {
    const text = thirdPartyNotices([
      metafileOf({ 'node_modules/valibot/index.js': 10, 'node_modules/valibot/core.js': 10, 'src/server.ts': 5 }),
      metafileOf({ 'node_modules/koa/lib/application.js': 10, 'node_modules/valibot/index.js': 10 }),
    ]);
    expect(text.match(/^\S+ \d+\.\d+\.\d+$/gm)).toEqual(['koa 3.3.0', 'valibot 1.5.0']);
    expect(text).toContain('Licence: MIT');
    expect(text).toContain('Koa contributors');
  });

  it('tell copies of a package apart by their version', () => {
    const text = thirdPartyNotices([
      metafileOf({ 'node_modules/mime-db/db.json': 9, 'node_modules/accepts/node_modules/mime-db/db.json': 9 }),
    ]);
    expect(text.match(/^mime-db \S+$/gm)).toEqual(['mime-db 1.52.0', 'mime-db 1.54.0']);
  });

  it('leave out what esbuild read and did not use', () => {
    expect(thirdPartyNotices([metafileOf({ 'node_modules/koa/lib/x.js': 0 })])).not.toContain('koa');
  });

  it('hold the text of MIT for a package that only names it', () => {
    const text = thirdPartyNotices([metafileOf({ 'node_modules/@citizenfx/http-wrapper/index.js': 9 })]);
    expect(text).toContain('Copyright (c) the authors of @citizenfx/http-wrapper\n\nPermission is hereby granted');
  });
});

/** Runs resource/exports.lua as FXServer would, with or without a built script beside it, and gives what it printed. */
async function printed(script: string | undefined): Promise<string[]> {
  const lines: string[] = [];
  const lua = await new LuaFactory().createEngine();
  lua.global.set('GetCurrentResourceName', () => 'sonorancad');
  lua.global.set('LoadResourceFile', (_resource: string, file: string) =>
    file === 'resource/client.js' ? script : undefined,
  );
  lua.global.set('exports', () => {});
  lua.global.set('print', (line: string) => lines.push(line));
  await lua.doString(readFileSync(join(projectRoot, 'resource', 'exports.lua'), 'utf8'));
  lua.global.close();
  return lines;
}

describe('resource/exports.lua', () => {
  it('says in one line what to do when the resource was not built', async () => {
    const lines = await printed(undefined);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/Download the release \(zip\), or run "npm run build"/);
  });

  it('says nothing when it was', async () => {
    expect(await printed('built')).toEqual([]);
  });
});
