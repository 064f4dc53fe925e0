import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { LISTENER_FILES, PROGRAM_FILES, packageNpm } from '../../scripts/build/package-npm.ts';
import { packageVersion } from '../../scripts/build/versions.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { type ChildProgram, startProgram } from '../child-program.ts';
import { eventFixtures, variantFixtures } from '../events/fixtures.ts';
import { followLinks, SHIPPED_PAGES } from '../scripts/shipped-pages.ts';
import { until } from '../until.ts';

const KEY = 'a-key-of-sixteen-letters';

/** The pinned Node, and the Node in PATH if there is one, which may be the oldest supported version. */
const ENGINES = [process.execPath, ...(findSystemNode() ?? [])];

function findSystemNode(): string[] | null {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  const path = folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
  if (path === undefined) return null;
  const version = spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout;
  return Number(/^v(\d+)/.exec(version)?.[1]) >= 20 ? [path] : null;
}

/** A TypeScript program of a user who has installed only this package. */
const CONSUMER = `
import {
  createPushEventListener,
  PUSH_EVENT_TYPES,
  type PushEvent,
  type PushEventListener,
  type PushEventType,
  UNIT_STATUS,
  verifySignature,
} from 'sonorancad/listener';
import type { KnownPushEvent } from 'sonorancad/types';

const listener: PushEventListener = createPushEventListener({ apiKey: 'key', maxBodyBytes: 1024, secret: ['a'] });
const heard: (PushEvent | KnownPushEvent<'EVENT_911'>)[] = [];
listener
  .on('EVENT_911', (event) => {
    const caller: string = event.data.call.caller;
    // @ts-expect-error a misspelt field
    event.data.call.caler;
    heard.push(event);
    return caller;
  })
  .on(['EVENT_TONE', 'EVENT_UNIT_LOGOUT'], async (event) => {
    if (event.type === 'EVENT_TONE') return event.data.playTonesTo.length;
    return event.data.identId;
  })
  .on('*', (event) => {
    // @ts-expect-error the fields of data are unknown until valid and type are checked
    event.data.call;
    return event.valid ? event.type : event.issues[0];
  })
  .on('EVENT_OF_TOMORROW', ({ data }) => data)
  .off('EVENT_911', (event: PushEvent) => event)
  .onError((error, event) => [error, event.id]);
// @ts-expect-error no such option
createPushEventListener({ apiKey: 'key', apikey: 'key' });
// @ts-expect-error a handler is needed
listener.on('EVENT_911');
const server: Promise<{ port: number; close(): Promise<void> }> = listener.listen(0);
const types: readonly PushEventType[] = PUSH_EVENT_TYPES;
const onScene: 4 = UNIT_STATUS.ON_SCENE;
const genuine: boolean = verifySignature({ 'webhook-id': 'id' }, '{}', ['whsec_a']);
// @ts-expect-error a secret is needed
verifySignature({}, '{}');
export { heard, server, types, onScene, genuine };
`;

describe('npm package', () => {
  let folder: string;
  let app: string;
  let files: string[];

  /** Runs npm offline, with its cache in the test's folder. */
  function npm(args: readonly string[], cwd: string): string {
    const env = { ...process.env, npm_config_cache: join(folder, 'cache'), npm_config_update_notifier: 'false' };
    const options = { cwd, env, encoding: 'utf8', shell: process.platform === 'win32' } as const;
    const { status, stdout, stderr } = spawnSync('npm', [...args, '--ignore-scripts', '--offline'], options);
    expect(`${status} ${stderr}`).toMatch(/^0 /);
    return stdout;
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sonorancad-listener-'));
    const [packed] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], projectRoot)) as [
      { filename: string; files: { path: string }[] },
    ];
    files = packed.files.map(({ path }) => path);
    app = join(folder, 'app');
    mkdirSync(app);
    const dependencies = {
      sonorancad: `file:${join(folder, packed.filename)}`,
      // The only dependency, taken from this project's node_modules instead of a registry.
      valibot: `file:${join(projectRoot, 'node_modules', 'valibot')}`,
    };
    writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true, dependencies }));
    npm(['install', '--no-audit', '--no-fund', '--no-package-lock'], app);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('contains exactly the listed files', () => {
    const own = ['LICENSE', 'README.md', 'bin/sonorancad.js', 'package.json', 'types.d.ts'];
    expect(files.sort()).toEqual([...own, ...SHIPPED_PAGES, ...LISTENER_FILES, ...PROGRAM_FILES].sort());
  });

  it('contains every file that its documentation links to', () => {
    const { followed, dead } = followLinks(join(app, 'node_modules', 'sonorancad'));
    expect(followed).toBeGreaterThan(15);
    expect(dead).toEqual([]);
  });

  it('lists its types in typesVersions as well, for moduleResolution node10, which ignores exports', () => {
    const installed = JSON.parse(readFileSync(join(app, 'node_modules', 'sonorancad', 'package.json'), 'utf8'));
    const { exports, typesVersions } = installed as Record<string, Record<string, Record<string, string[]>>>;
    const old = typesVersions?.['*'] ?? {};
    expect(Object.keys(old).map((name) => `./${name}`)).toEqual(Object.keys(exports ?? {}));
    for (const [path = ''] of Object.values(old)) expect(files).toContain(path.slice('./'.length));
  });

  it('depends only on valibot, and requires Node 22', () => {
    const installed = JSON.parse(readFileSync(join(app, 'node_modules', 'sonorancad', 'package.json'), 'utf8'));
    expect(installed).toMatchObject({ version: packageVersion(), type: 'module', engines: { node: '>=22' } });
    expect(Object.keys(installed.dependencies)).toEqual(['valibot']);
    for (const file of ['listener.mjs', 'listener.cjs']) {
      const code = readFileSync(join(app, 'node_modules', 'sonorancad', 'dist', file), 'utf8');
      const asked = [...code.matchAll(/(?:from |require\()"([^"]+)"/g)].map(([, name]) => name ?? '');
      expect(new Set(asked.filter((name) => !isBuiltin(name)))).toEqual(new Set(['valibot']));
    }
  });

  it('can be bundled by esbuild if the NATS client is not installed', async () => {
    const contents = `import { createPushEventListener } from 'sonorancad/listener'; createPushEventListener({});`;
    const stdin = { contents, resolveDir: app };
    await build({ stdin, bundle: true, platform: 'node', format: 'esm', write: false, logLevel: 'silent' });
  });

  describe.each(ENGINES)('running on %s', (engine) => {
    let program: ChildProgram | null = null;
    const output = () => program?.output() ?? '';
    afterEach(() => program?.kill());

    /** Starts a sample. @returns the address at which it receives events */
    async function start(sample: string, key = KEY): Promise<string> {
      copyFileSync(join(projectRoot, 'examples', 'listener', sample), join(app, sample));
      // An empty secret, as in a .env file that is not filled in, must count as no secret.
      const env = { ...process.env, SONORANCAD_KEY: key, SONORANCAD_SECRET: '', PORT: '0' };
      const started = startProgram(engine, [sample], { cwd: app, env });
      program = started;
      await until(() => started.child.exitCode !== null || /at port \d+/.test(output()));
      return `http://127.0.0.1:${/at port (\d+)/.exec(output())?.[1]}/sonorancad/event`;
    }

    it.each(['server.mjs', 'server.cjs'])(
      'the sample %s exits with an error that names the missing variable',
      async (sample) => {
        await start(sample, '');
        expect(await program?.exited).toBe(1);
        expect(output()).toContain('SONORANCAD_KEY is missing: set it to the API key that the CAD sends.');
      },
    );

    it('the ES module sample server.mjs receives a 911 call', async () => {
      const url = await start('server.mjs');
      const [call] = eventFixtures().filter(({ type }) => type === 'EVENT_911');
      const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ ...call?.body, key: KEY }) });
      expect([answer.status, await answer.text()]).toEqual([200, 'ok']);
      await until(() => output().includes('911 call 302 from '));
    });

    it('the CommonJS sample server.cjs receives every sample event', async () => {
      const url = await start('server.cjs');
      const fixtures = [...eventFixtures(), ...variantFixtures()];
      for (const { name, body } of fixtures) {
        const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ ...body, key: KEY }) });
        expect([name, answer.status, await answer.text()]).toEqual([name, 200, 'ok']);
      }
      const lines = fixtures.map(({ type }) => `push event ${type}\n`).join('');
      await until(() => output().length >= output().indexOf('push event') + lines.length);
      expect(output()).toContain(lines);
    });
  });

  it.each([
    ['node16', ['--module', 'node16', '--moduleResolution', 'node16']],
    // The default library includes the browser types, which are slow to check, so only node16 uses it.
    ['bundler', ['--module', 'preserve', '--moduleResolution', 'bundler', '--lib', 'es2022']],
    ['node16 without platform types', ['--module', 'node16', '--lib', 'es2022']],
  ])('has types that compile in ES modules and CommonJS with module resolution %s', (_name, flags) => {
    for (const file of ['esm.mts', 'cjs.cts']) writeFileSync(join(app, file), CONSUMER);
    const tsc = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
    const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false', '--types', ''];
    const { status, stdout } = spawnSync(process.execPath, [tsc, ...options, ...flags, 'esm.mts', 'cjs.cts'], {
      cwd: app,
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });
});

const dockerFolder = join(projectRoot, 'examples', 'docker');
/** Whether a Docker daemon runs; an installed client alone cannot build. */
const withDocker = spawnSync('docker', ['info']).status === 0 ? it : it.skip;

describe('examples/docker', () => {
  withDocker(
    'is built by docker compose and runs the program',
    async () => {
      await packageNpm();
      const key = join(dockerFolder, 'key');
      writeFileSync(key, 'a-key-for-the-container\n', { flag: 'wx' });
      try {
        const compose = (...args: string[]) =>
          spawnSync('docker', ['compose', ...args], { cwd: dockerFolder, encoding: 'utf8' });
        expect(compose('build')).toMatchObject({ status: 0 });
        const help = compose('run', '--rm', 'sonorancad', 'node', 'bin/sonorancad.js', '--help');
        expect(help).toMatchObject({ status: 0, stdout: expect.stringContaining('sonorancad listen') });
      } finally {
        rmSync(key);
      }
    },
    300_000,
  );
});
