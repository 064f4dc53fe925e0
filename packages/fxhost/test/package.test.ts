import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../../scripts/project-root.ts';
import { startProgram } from '../../../test/child-program.ts';
import { installPackage, linkModule, writeSamples } from '../../../test/installed-package.ts';

const README = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const tool = (path: string) => join(projectRoot, 'node_modules', path);
const NODE_26 = tool(process.platform === 'win32' ? 'node26/bin/node.exe' : 'node26/bin/node');
const VITEST = tool('vitest/vitest.mjs');
const FLAGS = ['--disable-warning=ExperimentalWarning'];

/** What somebody writes who uses all of the declared API. */
const CONSUMER = `
import { type ConnectedPlayer, type ExportCall, type FxHost, type HostOptions, startHost } from 'fxhost';

const options: HostOptions = { resources: ['hello'], natives: { GetEntityCoords: () => [1, 2, 3] } };
export async function test(): Promise<readonly ExportCall[]> {
  await using host: FxHost = await startHost(options);
  const player: ConnectedPlayer = host.addPlayer({ name: 'Ada' });
  player.runCommand('hello');
  const names: string[] = player.received.map(({ event }) => event);
  const { status, body } = await host.request('hello', { path: '/' });
  host.natives.convars.set('a', 'b');
  // @ts-expect-error no such option
  await startHost({ resource: 'hello' });
  // @ts-expect-error the console is a text
  host.console().push(names, status, body);
  return host.exportCalls;
}
`;

describe('the npm package fxhost, installed in an empty folder', () => {
  let folder: string;
  let files: string[];
  let samples: string[];
  beforeAll(async () => {
    ({ folder, files } = await installPackage('fxhost'));
    samples = writeSamples(README, folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function run(args: readonly string[], engine = process.execPath) {
    const program = startProgram(engine, [...FLAGS, ...args], { cwd: folder });
    const code = await program.exited;
    return { code, output: program.output() };
  }

  it('has what it needs and no sources', () => {
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'CHANGELOG.md', 'docs/differences.md']));
    expect(files).toEqual(expect.arrayContaining(['dist/js/prelude.js', 'dist/lua/prelude/server.lua']));
    expect(files.filter((file) => /^(?:src|test)\/|(?<!\.d)\.ts$|tsconfig/.test(file))).toEqual([]);
  });

  it('prints what its README shows', async () => {
    const [, shown = ''] = /^```\n(\[script:hello\].*?)^>\n```$/ms.exec(README) ?? [];
    const program = startProgram(
      process.execPath,
      [...FLAGS, 'node_modules/fxhost/bin/fxhost.js', '--port', '0', 'hello'],
      {
        cwd: folder,
      },
    );
    await program.printed(/^Type help/m);
    program.child.stdin?.write('join Ada\nas 1 hello\nquit\n');
    expect(await program.exited).toBe(0);
    const [start, rest] = program
      .output()
      .replace(/:\d+\.$/m, ':30120.')
      .split(/(?<=quit to end\.\n)/);
    expect(start).toBe(shown);
    expect(rest).toContain('[player 1 Ada] net event hello "Ada"');
  });

  it('shows samples for three test runners', () => {
    expect(samples).toEqual(
      expect.arrayContaining(['hello.test.mjs', 'hello.test.js', 'hello.spec.js', 'using.mjs', 'natives.mjs']),
    );
  });

  it('runs the sample for node:test', async () => {
    const { code, output } = await run(['--test', 'hello.test.mjs']);
    expect([code, output]).toEqual([0, expect.stringContaining('pass 2')]);
  });

  it('runs the sample for Jest', async () => {
    const jest = ['--experimental-vm-modules', tool('jest/bin/jest.js'), '--rootDir', folder, 'hello.test.js'];
    const { code, output } = await run(jest);
    expect([code, output]).toEqual([0, expect.stringContaining('Tests:       1 passed')]);
  });

  // Vitest weighs 40 MB, so it is not installed with the project: "npm install --no-save vitest" brings this test.
  (existsSync(VITEST) ? it : it.skip)('runs the sample for Vitest', async () => {
    linkModule(folder, 'vitest');
    const { code, output } = await run([VITEST, 'run', 'hello.spec.js']);
    expect([code, output]).toEqual([0, expect.stringMatching(/Tests\s+1 passed/)]);
  });

  it('runs the sample with `await using` on Node.js 26', async () => {
    expect(await run(['using.mjs'], NODE_26)).toEqual({ code: 0, output: 'Hello from hello\n' });
  });

  it('runs the sample that supplies a native', async () => {
    expect(await run(['natives.mjs'])).toEqual({ code: 0, output: '' });
  });

  it.each(['node16', 'bundler'])('type-checks with moduleResolution %s', async (moduleResolution) => {
    linkModule(folder, `@types/node`);
    writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
    const module = moduleResolution === 'node16' ? 'node16' : 'preserve';
    const compilerOptions = { strict: true, target: 'es2022', module, moduleResolution, noEmit: true, types: ['node'] };
    const config = { compilerOptions, files: ['consumer.ts'] };
    writeFileSync(join(folder, `tsconfig.${moduleResolution}.json`), JSON.stringify(config));
    const result = await run([tool('typescript/bin/tsc'), '-p', `tsconfig.${moduleResolution}.json`]);
    expect(result).toEqual({ code: 0, output: '' });
    rmSync(join(folder, 'node_modules/@types/node'));
  });
});
