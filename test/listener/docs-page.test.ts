import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { packageVersion } from '../../scripts/build/versions.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { signatureOf } from '../../src/forward/signed-headers.ts';
import { eventFixtures } from '../events/fixtures.ts';
import { until } from '../until.ts';
import { linkPackage } from './link-package.ts';
import { KEY, page, type RunningSample, runSample, SECRET, samples } from './page-samples.ts';

const fixtureOf = (type: string) => eventFixtures().find((fixture) => fixture.type === type)?.body ?? {};
/** The events that the test sends to each sample. */
const EVENTS: readonly object[] = [
  ...['EVENT_911', 'EVENT_DISPATCH_NEW', 'EVENT_UNIT_STATUS', 'EVENT_UNIT_PANIC'].map(fixtureOf),
  { type: 'EVENT_UNIT_LOGOUT', data: { identId: 'twelve' } },
];
/** The packages that samples import beside the library. */
const MODULES = ['koa', 'express', 'hono', '@hono/node-server', '@types/node'];
const isInstalled = (name: string) => existsSync(join(projectRoot, 'node_modules', name));
const importsOf = (source: string) => [...source.matchAll(/ from '([^']+)';$/gm)].map(([, name = '']) => name);

describe('docs/listener.md', () => {
  let folder: string;
  let sample: RunningSample | null = null;

  beforeAll(async () => {
    folder = linkPackage();
    for (const name of MODULES.filter(isInstalled)) {
      const link = join(folder, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(projectRoot, 'node_modules', name), link, 'junction');
    }
  });
  afterEach(async () => {
    await sample?.close();
    sample = null;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Sends a signed event as the resource does. */
  function send(url: string, event: object, number: number): Promise<unknown> {
    const body = Buffer.from(JSON.stringify({ ...event, key: KEY }));
    const now = Math.floor(Date.now() / 1_000);
    const headers = {
      'webhook-id': `event-${number}`,
      'webhook-timestamp': String(now),
      'webhook-signature': signatureOf([SECRET], `event-${number}`, now, body),
    };
    return fetch(url, { method: 'POST', headers, body });
  }

  const programs = samples.filter(({ printed }) => printed !== null);
  const missing = (source: string) => importsOf(source).filter((name) => MODULES.includes(name) && !isInstalled(name));

  for (const { name, source, printed } of programs) {
    // A sample whose framework is not installed here is skipped.
    const run = missing(source).length > 0 ? it.skip : it;
    run(`shows the output that ${name} really prints`, async () => {
      const running = await runSample(name, folder);
      sample = running;
      for (const [number, event] of EVENTS.entries()) {
        const answered = send(running.url, event, number);
        if (name === 'before.mjs') answered.catch(() => undefined);
        else expect(await answered).toMatchObject({ status: 200 });
      }
      // The answer to this request comes after the handlers of all events before it.
      await fetch(running.url);
      if (printed?.at(-1) === 'Stopped') running.child.kill('SIGTERM');
      await until(() => running.lines().length >= (printed ?? []).length);
      expect(running.lines()).toEqual(printed);
    });
  }

  it('names each sample once, and every sample is run except two that other tests run', () => {
    const names = samples.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(page.match(/^```[jt]s$/gm)).toHaveLength(names.length);
    expect(samples.filter(({ printed }) => printed === null).map(({ name }) => name)).toEqual([
      // test/listener/package.test.ts runs this sample.
      'examples/listener/server.cjs',
      'worker.mjs',
    ]);
  });

  it('shows a Workers sample that passes its handlers to waitUntil', async () => {
    const source = samples.find(({ name }) => name === 'worker.mjs')?.source ?? '';
    writeFileSync(join(folder, 'worker.mjs'), source);
    const call = JSON.stringify({ ...fixtureOf('EVENT_911'), key: KEY });
    const program = `
      import worker from ${JSON.stringify(pathToFileURL(join(folder, 'worker.mjs')).href)};
      const init = { method: 'POST', body: ${JSON.stringify(call)} };
      const request = new Request('https://bot.example/sonorancad/event', init);
      const waited = [];
      const context = { waitUntil: (promise) => waited.push(promise) };
      const answer = await worker.fetch(request, { SONORANCAD_KEY: '${KEY}' }, context);
      console.log(answer.status, await answer.text(), waited.length);
      await Promise.all(waited);
    `;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([stdout, stderr]).toEqual(['200 ok 1\n911 call from Lamar Davis\n', '']);
  });

  it('shows TypeScript samples that compile', () => {
    const typed = samples.filter(({ name }) => name.endsWith('.ts'));
    expect(typed).not.toEqual([]);
    for (const { name, source } of typed) writeFileSync(join(folder, name), source);
    const tsc = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
    // --skipLibCheck: the test of the npm package checks the library's own types.
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'es2024',
      '--types',
      'node',
    ];
    const { stdout } = spawnSync(process.execPath, [tsc, ...options, ...typed.map(({ name }) => name)], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });

  it('names the current version, and installs the package only from its file, never by name', () => {
    const named = [...page.matchAll(/sonorancad-(\d+\.\d+\.\d+)\.tgz/g)].map(([, version]) => version);
    expect(new Set(named)).toEqual(new Set([packageVersion()]));
    expect(page).not.toMatch(/npx|npm (install|i|exec) sonorancad/);
  });
});
