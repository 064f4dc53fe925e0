import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChildProgram, SOURCE_FLAGS, startProgram } from '../../../../test/child-program.ts';
import { openLocally } from '../../../../test/local-server.ts';
import { USAGE } from '../../src/cli/options.ts';
import { manifest, writeResource } from '../write-resource.ts';

const { href } = new URL('../../src/cli/command-line.ts', import.meta.url);
const PROGRAM = `import { runCommandLine } from '${href}';
await runCommandLine(process.argv.slice(2));`;

let folder: string;
let running: ChildProgram[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fxhost-command-line-'));
  writeFileSync(join(folder, 'run.mjs'), PROGRAM);
  running = [];
});
afterEach(async () => {
  for (const program of running) await program.kill();
  rmSync(folder, { recursive: true, force: true });
});

function fxhost(...args: string[]) {
  const program = startProgram(process.execPath, [...SOURCE_FLAGS, 'run.mjs', ...args], { cwd: folder });
  running.push(program);
  return { ...program, type: (line: string) => void program.child.stdin?.write(`${line}\n`) };
}

describe('fxhost on the command line', () => {
  it('starts a resource, prints the address, takes commands, and ends with 0 at quit', async () => {
    writeResource(folder, 'hello', `RegisterCommand('hello', () => print('Hello!'), false)`);
    const program = fxhost('--port', '0', 'hello');
    await program.printed(/^fxhost \d+\.\d+\.\d+ stands in for FXServer at http:\/\/127\.0\.0\.1:\d+\.$/m);
    await program.printed(/^Running: hello\.$/m);
    program.type('hello');
    await program.printed(/^\[script:hello\] Hello!$/m);
    program.type('quit');
    expect(await program.exited).toBe(0);
  });

  it('starts the dependencies that lie in the same folder or in a category beside it', async () => {
    writeResource(folder, 'mine', {
      'fxmanifest.lua': manifest(`dependencies { 'near', 'far' }`),
      'server.js': `print(exports.near.name(), exports.far.name())`,
    });
    writeResource(folder, 'near', `exports('name', () => 'near')`);
    writeResource(join(folder, '[lib]'), 'far', `exports('name', () => 'far')`);
    writeResource(folder, 'unused', `print('must not run')`);
    const program = fxhost('--port', '0', 'mine');
    await program.printed(/^Running: mine, far, near\.$/m);
    expect(program.output()).toContain('[script:mine] near far');
    expect(program.output()).not.toContain('must not run');
  });

  it('reads a server.cfg with convars, access control, quotes, comments and another file', async () => {
    const cfg = [
      'endpoint_add_tcp "0.0.0.0:30120" # no effect here',
      'sv_hostname "My server"',
      'sets tags "a, b"; setr theme dark // comment',
      'exec more.cfg',
      'add_ace group.admin command.secret allow',
      'add_principal identifier.license:1 group.admin',
      'ensure [local]',
    ];
    writeFileSync(join(folder, 'server.cfg'), cfg.join('\n'));
    writeFileSync(join(folder, 'more.cfg'), 'set from_more "1"\n');
    writeResource(
      join(folder, 'resources', '[local]'),
      'mine',
      `print(['sv_hostname', 'tags', 'theme', 'from_more'].map((name) => GetConvar(name, '-')).join('|'));
       print(IsPrincipalAceAllowed('identifier.license:1', 'command.secret'))`,
    );
    const program = fxhost('--port', '0', '--cfg', 'server.cfg');
    await program.printed(/^Running: mine\.$/m);
    expect(program.output()).toMatch(/^\[script:mine\] My server\|a, b\|dark\|1$/m);
    expect(program.output()).toMatch(/^\[script:mine\] (?:1|true)$/m);
    expect(program.output()).not.toContain('No such command');
  });

  it('restarts a resource when one of its scripts changes, its manifest among them', async () => {
    const path = writeResource(folder, 'mine', `print('first')`);
    const program = fxhost('--port', '0', '--watch', 'mine');
    await program.printed(/^Type help/m);
    writeFileSync(join(path, 'server.js'), `print('second')`);
    await program.printed(/^\[script:mine\] second$/m);
    mkdirSync(join(path, 'data'));
    writeFileSync(join(path, 'other.js'), `print('third')`);
    writeFileSync(join(path, 'fxmanifest.lua'), manifest(`server_script 'other.js'`));
    await program.printed(/^\[script:mine\] third$/m);
    expect(program.output()).toMatch(/^\[fxhost\] mine\/\S+ changed\.$/m);
  });

  it('lets players be there from the start, and join', async () => {
    writeResource(folder, 'mine', `on('playerJoining', () => print('joining ' + GetPlayerName(source)))`);
    const program = fxhost('--port', '0', '--player', 'Ada,license:0123', 'mine');
    await program.printed(/^\[script:mine\] joining Ada$/m);
    program.type('join Max');
    await program.printed(/^\[script:mine\] joining Max$/m);
  });

  it('ends with 1 at quit when a script did not load', async () => {
    writeResource(folder, 'mine', `throw new Error('broken')`);
    const program = fxhost('--port', '0', 'mine');
    await program.printed(/^Type help/m);
    program.type('quit');
    expect(await program.exited).toBe(1);
  });

  it('ends with 1 at quit when a dependency is missing', async () => {
    writeResource(folder, 'mine', { 'fxmanifest.lua': manifest(`dependency 'gone'`), 'server.js': '' });
    const program = fxhost('--port', '0', 'mine');
    await program.printed(/^Running: no resource\.$/m);
    program.type('quit');
    expect(await program.exited).toBe(1);
  });

  it('ends with 1 where FXServer would have crashed', async () => {
    writeResource(folder, 'mine', `RegisterCommand('end', () => process.exit(0), false)`);
    const program = fxhost('--port', '0', 'mine');
    await program.printed(/^Type help/m);
    program.type('end');
    expect(await program.exited).toBe(1);
    expect(program.err()).toContain('FXServer would have crashed');
  });

  it('ends with 1 and says what to do when its port is taken', async () => {
    writeResource(folder, 'mine', '');
    const { port, close } = await openLocally(createServer());
    const program = fxhost('--port', String(port), 'mine');
    expect(await program.exited).toBe(1);
    await close();
    expect(program.err()).toBe(`Port ${port} is in use: end the program that listens there, or give another --port.\n`);
  });

  it.each([
    ['a folder without a manifest', ['nothing'], 1, 'has no fxmanifest.lua'],
    ['a server.cfg that does not exist', ['--cfg', 'none.cfg'], 1, 'none.cfg does not exist'],
    ['no resource', [], 2, 'Give a resource folder, or --cfg FILE.'],
    ['an unknown option', ['--wacht'], 2, '--wacht'],
    ['a wrong port', ['--port', 'x', 'mine'], 2, '--port x'],
    ['a convar without a value', ['--set', 'x', 'mine'], 2, '--set x: expected NAME=TEXT'],
  ])('refuses %s', async (_, args, code, text) => {
    const program = fxhost(...args);
    expect([await program.exited, program.err()]).toEqual([code, expect.stringContaining(text)]);
  });

  it('prints its usage on one screen', async () => {
    const program = fxhost('--help');
    expect([await program.exited, program.out()]).toEqual([0, `${USAGE}\n`]);
    const lines = USAGE.split('\n');
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(lines.filter((line) => line.length > 90)).toEqual([]);
  });
});
