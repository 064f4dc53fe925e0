import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../../scripts/project-root.ts';
import { SOURCE_FLAGS, startProgram } from '../../../test/child-program.ts';
import { manifest, writeResource } from './write-resource.ts';

const PAGES = { fxhost: 'packages/fxhost/README.md', fakecad: 'packages/fakecad/README.md' };
const samplesOf = (page: keyof typeof PAGES) =>
  [...readFileSync(join(projectRoot, PAGES[page]), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)].map(
    ([, text = '']) => text,
  );

describe('the folders that others can lift out', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lifted-out-'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    for (const name of ['fxhost', 'fakecad'])
      symlinkSync(join(projectRoot, 'packages', name, 'src'), join(folder, name), 'junction');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function run(source: string, ...args: string[]) {
    writeFileSync(join(folder, 'run.ts'), source);
    return startProgram(process.execPath, [...SOURCE_FLAGS, 'run.ts', ...args], { cwd: folder });
  }

  it('run a resource by the program that the page of fxhost shows', async () => {
    const [program = ''] = samplesOf('fxhost');
    const resource = writeResource(folder, 'mine', `RegisterCommand('ask', () => print('answered'), false)`);
    const running = run(program.replace('port: 30120', 'port: 0'), resource);
    try {
      await running.printed(/Started resource mine/);
      running.child.stdin?.write('ask\nquit\n');
      expect(await running.exited).toBe(0);
      expect(running.output()).toContain('[script:mine] answered');
    } finally {
      await running.kill();
    }
  });

  it('run the pretend CAD by the command that its page shows', async () => {
    const [, args = ''] =
      /^node packages\/fakecad\/src\/(main\.ts .*)$/m.exec(readFileSync(join(projectRoot, PAGES.fakecad), 'utf8')) ??
      [];
    const words = args.replace('4000', '0').split(' ');
    const running = startProgram(process.execPath, [...SOURCE_FLAGS, ...words], { cwd: join(folder, 'fakecad') });
    try {
      await running.printed(
        /^A pretend CAD runs at http:\S+, for the community mycommunity with the API key any-key\.$/m,
      );
    } finally {
      await running.kill();
    }
  });

  it('test a resource and a client as their pages show', async () => {
    const [, test = ''] = samplesOf('fxhost');
    const [cad = ''] = samplesOf('fakecad');
    const resource = writeResource(folder, 'mine', {
      'fxmanifest.lua': manifest(`server_script 'server.js'`, `client_script 'client.js'`),
      'server.js': `SetHttpHandler((_request, response) => response.send('well')); let count = 0; exports('count', () => count);
        onNet('mine:hello', (number) => { count += number; emitNet('mine:welcome', source, number); emit('mine:done', count) })`,
      'client.js': `RegisterCommand('hello', (_source, [who]) => print('hello', who, GetGameTimer()), false)`,
    });
    const heads = `import { startHost } from './fxhost/host.ts';\nimport { startFakeCad } from './fakecad/fake-cad.ts';\n`;
    const running = run(heads + test.replace('path/to/resource', resource) + cad);
    try {
      expect([await running.exited, running.err()]).toEqual([0, '']);
      expect(running.out()).toMatch(/^mine:welcome \[ 1 \]$[\s\S]*^done \[ 1 \]$[\s\S]*^hello you 0$/m);
    } finally {
      await running.kill();
    }
  });
});
