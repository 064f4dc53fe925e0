import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { findProgram } from '../../../scripts/jest/programs.ts';
import { projectRoot } from '../../../scripts/project-root.ts';
import { type ChildProgram, startProgram } from '../../../test/child-program.ts';
import { installPackage, linkModule, writeSamples } from '../../../test/installed-package.ts';

const README = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const PYTHON = findProgram('python3');

/** What somebody writes who uses all of the declared API. */
const CONSUMER = `
import { type EventBody, type FakeCad, type Push, startFakeCad, unregisteredServer } from 'fakecad';

export async function test(): Promise<readonly Push[]> {
  await using cad: FakeCad = await startFakeCad({ apiKey: 'k', communityId: 'c', servers: [unregisteredServer(2)] });
  const samples: readonly EventBody[] = cad.samples;
  await cad.fire(samples[0] ?? { type: 'EVENT_TONE' });
  cad.faults.next429 = { count: 1 };
  const paths: string[] = cad.requests.map(({ path }) => path);
  // @ts-expect-error no such option
  await startFakeCad({ apiKey: 'k', communityId: 'c', key: paths });
  return cad.pushes;
}
`;

describe('the npm package fakecad, installed in an empty folder', () => {
  let folder: string;
  let files: string[];
  const running: ChildProgram[] = [];
  beforeAll(async () => {
    ({ folder, files } = await installPackage('fakecad'));
    writeSamples(README, folder);
  });
  afterEach(async () => {
    for (const program of running.splice(0)) await program.kill();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function run(command: string, ...args: string[]): ChildProgram {
    const program = startProgram(command, args, { cwd: folder });
    running.push(program);
    return program;
  }
  const fakecad = (...args: string[]) => run(process.execPath, 'node_modules/fakecad/bin/fakecad.js', ...args);

  it('has what it needs and no sources', () => {
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'CHANGELOG.md', 'docs/differences.md']));
    expect(files).toEqual(expect.arrayContaining(['dist/page.html', 'dist/sample-events.json']));
    expect(files.filter((file) => /^(?:src|test)\/|(?<!\.d)\.ts$|tsconfig/.test(file))).toEqual([]);
  });

  it('prints what its README shows, serves its page, and ends with 0 at quit', async () => {
    const [, shown = ''] = /^```\n(A pretend CAD.*?)^```$/ms.exec(README) ?? [];
    const program = fakecad('--port', '0');
    const [, url = ''] = await program.printed(/runs at (\S+)$/m);
    await program.printed(/quit to end\.\n/);
    expect(program.output()).toBe(shown.replaceAll('http://127.0.0.1:4000', url));
    expect(await (await fetch(url)).text()).toContain('<title>Pretend CAD</title>');
    program.child.stdin?.write('fire 911\n');
    await program.printed(/^EVENT_911 did not get through/m);
    program.child.stdin?.write('quit\n');
    expect(await program.exited).toBe(0);
  });

  it.each([
    ['an unknown option', ['--prot', '1'], '--prot'],
    ['a wrong port', ['--port', 'x'], '--port x: expected a number from 0 to 65535'],
  ])('refuses %s with 2', async (_, args, text) => {
    const program = fakecad(...args);
    expect([await program.exited, program.err()]).toEqual([2, expect.stringContaining(text)]);
  });

  it('runs the sample in JavaScript', async () => {
    const program = run(process.execPath, 'events.mjs');
    expect([await program.exited, program.output()]).toEqual([0, '[ { id: 12, status: 3 } ] none\n']);
  });

  (PYTHON === null ? it.skip : it)('runs the sample in Python', async () => {
    const cad = fakecad('--port', '0', '--key', 'any-key');
    const [, url = ''] = await cad.printed(/runs at (\S+)$/m);
    const program = run(String(PYTHON), 'units.py', url);
    expect([await program.exited, program.output()]).toEqual([0, 'call 1001\n']);
  });

  it.each(['node16', 'bundler'])('type-checks with moduleResolution %s', async (moduleResolution) => {
    linkModule(folder, '@types/node');
    writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
    const module = moduleResolution === 'node16' ? 'node16' : 'preserve';
    const compilerOptions = { strict: true, target: 'es2022', module, moduleResolution, noEmit: true, types: ['node'] };
    const name = `tsconfig.${moduleResolution}.json`;
    writeFileSync(join(folder, name), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
    const program = run(process.execPath, join(projectRoot, 'node_modules/typescript/bin/tsc'), '-p', name);
    expect([await program.exited, program.output()]).toEqual([0, '']);
    rmSync(join(folder, 'node_modules/@types/node'));
  });
});
