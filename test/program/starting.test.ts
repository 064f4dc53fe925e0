import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { NODE_20_FLAGS } from '../child-program.ts';
import { openLocally } from '../local-server.ts';
import { cleanUp, KEY, LAUNCHER, logout, newFolder, ROOT, spawnProgram, startProgram } from './start-program.ts';

const OTHER_KEY = 'another-key-of-letters';

/** Runs the program until it ends. @returns its exit code and its outputs */
async function runToEnd(args: readonly string[], env = {}) {
  const program = spawnProgram(args, { env });
  const code = await program.exited;
  return { code, said: program.said(), printed: program.lines() };
}

describe('start of sonorancad', () => {
  afterEach(cleanUp);

  it('prints the help for --help, and the version for --version', async () => {
    const help = await runToEnd(['--help']);
    expect(help.code).toBe(0);
    expect(help.printed[0]).toBe('Usage: sonorancad listen [options]');
    expect(help.printed.join('\n')).toContain('sonorancad-outbox in the current directory');
    const version = await runToEnd(['--version']);
    expect(version).toMatchObject({ code: 0, printed: [expect.stringMatching(/^\d+\.\d+\.\d+$/)], said: '' });
  });

  it.each([
    [['listen', '--port', 'x'], '--port: expected a whole number from 0 to 65535.'],
    [['listen', '--key', ''], '--key is empty.'],
    [['listen', '--forward', 'ftp://x'], '--forward: expected a URL like'],
  ])('exits with code 2 and one line for %j', async (args, sentence) => {
    const { code, said } = await runToEnd(args);
    expect([code, said]).toEqual([2, expect.stringContaining(`sonorancad: ${sentence}`)]);
    expect(said.trim()).not.toContain('\n');
  });

  it('exits with code 1 and advice if the port is in use or the host is not local', async () => {
    const { port, close } = await openLocally(createServer());
    const { code, said } = await runToEnd(['listen', '--port', String(port)]);
    await close();
    expect([code, said]).toEqual([
      1,
      `sonorancad: Port ${port} of 127.0.0.1 is in use: end the program that listens there, or give another --port.\n`,
    ]);
    const elsewhere = await runToEnd(['listen', '--port', '0', '--host', '192.0.2.1']);
    expect([elsewhere.code, elsewhere.said]).toEqual([
      1,
      'sonorancad: 192.0.2.1 is no address of this machine: give another --host.\n',
    ]);
  });

  it('takes the API key from --key, --key-file or SONORANCAD_KEY, in this order', async () => {
    const file = join(newFolder(), 'keys');
    writeFileSync(file, `\ufeff ${OTHER_KEY} \r\n\r\na-third-key-of-letters\r\n`);
    const answers = async (args: readonly string[], ...keys: readonly string[]) => {
      const program = await startProgram(args);
      const statuses: number[] = [];
      for (const key of keys) statuses.push((await program.post({ ...logout(1), key }))[0]);
      await program.stop();
      for (const key of keys) expect(program.said()).not.toContain(key);
      return statuses;
    };
    expect(await answers([], KEY)).toEqual([200]);
    expect(await answers(['--key-file', file], OTHER_KEY, 'a-third-key-of-letters', KEY)).toEqual([200, 200, 400]);
    expect(await answers(['--key', OTHER_KEY], OTHER_KEY, KEY)).toEqual([200, 400]);
  });

  it('warns once that others can see the key of --key', async () => {
    const program = await startProgram(['--key', OTHER_KEY]);
    await program.stop();
    expect(program.said().match(/can be seen by others on this machine/g)).toHaveLength(1);
    const careful = await startProgram();
    await careful.stop();
    expect(careful.said()).not.toContain('can be seen');
  });

  it('listens on 127.0.0.1 by default, and on all addresses with --host 0.0.0.0', async () => {
    const program = await startProgram();
    expect(program.said()).toContain(`http://127.0.0.1:${program.port}/sonorancad/event`);
    const open = await startProgram(['--host', '0.0.0.0']);
    expect(open.said()).toContain(`http://0.0.0.0:${open.port}/sonorancad/event`);
  });

  it('exits with the advice to build if the program is not built', () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'bin'));
    cpSync(LAUNCHER, join(folder, 'bin', 'sonorancad.js'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "version": "5.0.0" }');
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'bin', 'sonorancad.js'), 'listen']);
    expect(status).toBe(1);
    expect(stderr.toString()).toMatch(/^sonorancad: the program is not built yet: run "npm run build" .*\.\n$/);
  });

  it('exits with one line on Node 20', () => {
    const { status, stderr } = spawnSync(process.execPath, [...NODE_20_FLAGS, LAUNCHER, 'listen'], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, 'sonorancad: Node 22 or newer is needed; this is 20.1.0.\n']);
  });

  it('prints an event and runs --exec on Node 26', async () => {
    const node = join(ROOT, 'node_modules', 'node26', 'bin', 'node');
    const program = await startProgram(['--json', '--exec', 'cat'], { node });
    expect(await program.post(logout(1))).toEqual([200, 'ok']);
    expect(await program.stop()).toBe(0);
    const [printed, handled] = program.lines();
    expect(JSON.parse(printed ?? '')).toMatchObject({ type: 'EVENT_UNIT_LOGOUT', data: { identId: 1 } });
    expect(handled).toBe(printed);
  });
});
