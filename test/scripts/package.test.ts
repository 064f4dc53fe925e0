import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type FakeCad, startFakeCad } from '../../packages/fakecad/src/index.ts';
import { type FxHost, startHost } from '../../packages/fxhost/src/index.ts';
import { writeResource } from '../../packages/fxhost/test/write-resource.ts';
import { packageVersion } from '../../scripts/build/versions.ts';
import { packageResource } from '../../scripts/package.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { buildRelease, releaseNotes } from '../../scripts/release.ts';
import { until } from '../until.ts';
import { followLinks, SHIPPED_PAGES } from './shipped-pages.ts';
import { unpack } from './unpack.ts';

const hasClient = existsSync(join(projectRoot, 'src', 'client.ts'));

let zip: Buffer;

describe('the zip for operators', () => {
  let folder: string;
  const unpacked = (name: string) => readFileSync(join(folder, 'unpacked', 'sonorancad', name), 'utf8');

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sonorancad-package-'));
    const { path } = await packageResource({ outputFolder: folder });
    zip = readFileSync(path);
    unpack(path, join(folder, 'unpacked'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('holds one folder with what a server needs, and nothing else', () => {
    expect(readdirSync(join(folder, 'unpacked'))).toEqual(['sonorancad']);
    const files = readdirSync(join(folder, 'unpacked'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, 'unpacked', 'sonorancad').length + 1));
    expect(files.sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'THIRD-PARTY-NOTICES.txt',
      'config.example.json',
      'config.schema.json',
      ...SHIPPED_PAGES,
      'fxmanifest.lua',
      ...(hasClient ? ['resource/client.js'] : []),
      'resource/exports.lua',
      'resource/inspector.html',
      'resource/nats.cjs',
      'resource/prometheus.cjs',
      'resource/server.js',
      'sonorancad.cfg',
      'types.d.ts',
      'types.lua',
    ]);
  });

  it('holds what its pages lead to', () => {
    const { followed, dead } = followLinks(join(folder, 'unpacked', 'sonorancad'));
    expect(followed).toBeGreaterThan(15);
    expect(dead).toEqual([]);
  });

  it('holds every script that its manifest names, and names every script it holds', () => {
    const named = [...unpacked('fxmanifest.lua').matchAll(/'(resource\/[^']+)'/g)].map((match) => match[1] ?? '');
    const held = readdirSync(join(folder, 'unpacked', 'sonorancad', 'resource'))
      .filter((name) => /\.(?:js|lua)$/.test(name))
      .map((name) => `resource/${name}`);
    expect(named.sort()).toEqual(held.sort());
  });

  it('has the version of package.json in its name, manifest and script', () => {
    const version = packageVersion();
    expect(readdirSync(folder)).toContain(`sonorancad-${version}.zip`);
    expect(unpacked('fxmanifest.lua')).toContain(`\nversion '${version}'\n`);
    expect(unpacked('resource/server.js')).toContain(`sonorancad ${version}`);
  });

  it('requires modules of Node only', () => {
    const script = unpacked('resource/server.js');
    // esbuild puts a function of its own before the game server's `require`; its argument stands in double quotes.
    const calls = [...script.matchAll(/__require\((?:"([^"]+)")?/g)];
    const required = calls.map((call) => call[1] ?? 'something computed');
    expect(required).toEqual(expect.arrayContaining(['node:http', 'node:crypto', 'stream']));
    expect(required.filter((name) => !isBuiltin(name))).toEqual(['./resource/nats.cjs', './resource/prometheus.cjs']);
    // A package's own message speaks of require('…'), and another has a method of that name.
    expect(script.replace(/^ *require\(\w+\) \{$/gm, '')).not.toMatch(/\brequire\((?!')/);
  });

  it.each([
    ['nats.cjs', ['node:net', 'node:tls']],
    ['prometheus.cjs', ['util', 'cluster']],
  ])('has a %s that requires modules of Node only', (script, some) => {
    const required = [...unpacked(`resource/${script}`).matchAll(/\brequire\("([^"]+)"\)/g)].map(
      ([, name = '']) => name,
    );
    expect(required).toEqual(expect.arrayContaining(some));
    expect(required.filter((name) => !isBuiltin(name))).toEqual([]);
  });

  it('stays below 3 MB of server script, and 1 MB of all', () => {
    expect(unpacked('resource/server.js').length).toBeLessThan(3_000_000);
    expect(zip.length).toBeLessThan(1_000_000);
  });

  it("has the operator's page in one file below 100 kB, which leads nowhere else", () => {
    const page = unpacked('resource/inspector.html');
    expect(page.length).toBeLessThan(100_000);
    expect(page.match(/<(?:script|style)\b/g)).toEqual(['<style', '<script']);
    expect(page).not.toMatch(/\b(?:src|href)="(?!data:,")|https?:\/\/(?!www\.w3\.org\/)|@import|url\((?!#)/);
  });

  it('has a server script that can be read', () => {
    const lines = unpacked('resource/server.js').split('\n');
    expect(lines.filter((line) => line.startsWith('  var Dispatcher = class'))).toHaveLength(1);
    expect(lines.length).toBeGreaterThan(20_000);
  });

  it('notices the packages inside it, and not those that only development has', () => {
    const notices = unpacked('THIRD-PARTY-NOTICES.txt');
    for (const name of ['koa', '@koa/router', '@msgpack/msgpack', 'mime-db', '@citizenfx/http-wrapper']) {
      expect(notices).toContain(`\n${name} `);
    }
    expect(notices).not.toContain('\nsupports-color ');
  });

  describe('runs without node_modules in reach, and', () => {
    const KEY = 'a-key-for-testing';
    const COMMUNITY = 'mycommunity';
    const LOADED = 'the client of the session is loaded';
    const RECORDER = `
      const taken = [];
      on('sonorancad:pushEvent', ({ type, source, data }) => taken.push([type, source, data]));
      exports('taken', () => taken);
    `;
    let own: string;
    let cad: FakeCad;
    let host: FxHost;

    beforeAll(() => {
      own = join(folder, 'unpacked', 'sonorancad');
      for (let at = own; at !== dirname(at); at = dirname(at)) expect(existsSync(join(at, 'node_modules'))).toBe(false);
      // Long strings go over several lines.
      const source = unpacked('resource/server.js').replaceAll('\\\n', '');
      const marked = source.replace(/hub-connection\.ts"\(\)\s*\{/, `$&console.log('${LOADED}');`);
      expect(marked.length).toBeGreaterThan(source.length);
      writeFileSync(join(own, 'resource', 'server.js'), marked);
    });
    beforeEach(async () => {
      cad = await startFakeCad({ apiKey: KEY, communityId: COMMUNITY });
      host = await startHost();
      host.addResource(own);
      host.addResource(writeResource(folder, 'recorder', RECORDER));
    });
    afterEach(async () => {
      await host.close();
      await cad.close();
    });

    function configure(transport: string): void {
      const config = { apiKey: KEY, communityID: COMMUNITY, apiUrl: cad.url, addressServices: [], transport };
      writeFileSync(join(own, 'config.json'), JSON.stringify(config));
    }

    const isLoaded = () => host.lines.join('\n').includes(LOADED);

    it('holds a session', async () => {
      configure('auto');
      host.start('sonorancad');
      host.start('recorder');
      await until(() => cad.sessions.length === 1);
      expect(await cad.push('EVENT_UNIT_PANIC', { identIds: [12], isPanic: true })).toBe('session');
      cad.faults.payloadAsText = true;
      expect(await cad.push('EVENT_TONE', { url: 'https://cad.example/a.mp3', playTonesTo: [] })).toBe('session');
      const taken = () => host.callExport('recorder', 'taken') as unknown[];
      await until(() => taken().length === 2);
      expect(taken()).toEqual([
        ['EVENT_UNIT_PANIC', 'websocket', { identIds: [12], isPanic: true }],
        ['EVENT_TONE', 'websocket', { url: 'https://cad.example/a.mp3', playTonesTo: [] }],
      ]);
    });

    it('loads the client of the session only once one is wanted', async () => {
      configure('http');
      host.start('sonorancad');
      await until(() => cad.requests.length > 0);
      expect(isLoaded()).toBe(false);
      configure('auto');
      host.execute('sonorancad reload');
      await until(() => cad.sessions.length === 1);
      expect(isLoaded()).toBe(true);
    });
  });
});

const CHANGELOG = `# Changelog

## [${packageVersion()}] - 2026-11-29

### Added

- A thing.

## [1.0.0] - 2020-01-01

- Old.
`;

describe('a release', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-release-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('attaches the zip and the npm package with checksums, and the section of the changelog', async () => {
    await buildRelease(`v${packageVersion()}`, folder, CHANGELOG);
    const files = [`sonorancad-${packageVersion()}.tgz`, `sonorancad-${packageVersion()}.zip`];
    expect(readdirSync(folder).sort()).toEqual(['NOTES.md', 'SHA256SUMS', ...files]);
    expect(execFileSync('sha256sum', ['--check', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' })).toBe(
      files.map((name) => `${name}: OK\n`).join(''),
    );
    expect(readFileSync(join(folder, 'NOTES.md'), 'utf8')).toBe('### Added\n\n- A thing.\n');
  });

  it('has a zip of the same bytes as one made before', () => {
    expect(readFileSync(join(folder, `sonorancad-${packageVersion()}.zip`)).equals(zip)).toBe(true);
    // Time and date of the first entry, as zip files write them: midnight, and 2000-01-01.
    expect([zip.readUInt16LE(10), zip.readUInt16LE(12)]).toEqual([0, ((2000 - 1980) << 9) | (1 << 5) | 1]);
  });

  it('refuses a tag of another version', async () => {
    await expect(buildRelease('v0.0.1', '/nowhere', CHANGELOG)).rejects.toThrow(
      `The tag must be v${packageVersion()}, as package.json says, and is "v0.0.1".`,
    );
  });

  it('refuses a section without a date, and none', () => {
    expect(() => releaseNotes('## [5.0.0] - unreleased\n', '5.0.0')).toThrow('needs the date of the release');
    expect(() => releaseNotes('## [5.0.0] - 2026-11-29\n', '5.0.1')).toThrow('has no section ## [5.0.1]');
  });
});
