import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeResource } from '../../packages/fxhost/test/server-with.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { USAGE } from '../../scripts/start/start-options.ts';
import { type ChildProgram, SOURCE_FLAGS, startProgram } from '../child-program.ts';
import { openLocally } from '../local-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'start-'));
const running: ChildProgram[] = [];

afterAll(async () => {
  for (const program of running) await program.kill();
  rmSync(folder, { recursive: true, force: true });
});

describe('npm start', () => {
  // One program for the tests that follow each other, until it is told to quit.
  let program: ReturnType<typeof start>;
  beforeAll(() => {
    const script = `net.createServer().listen(0, '127.0.0.1', () => { throw new Error('in a callback') }); RegisterCommand('alive', () => print('still there'), false)`;
    const resource = writeResource(folder, 'throws', script);
    program = start('--key', 'a key that is long enough', '--name', 'renamed', '--resource', resource);
  });

  it('runs the resource, and takes commands from its console', async () => {
    await program.printed(/^Listening on http:\/\/127\.0\.0\.1:\d+, API key a key that is long enough/m);
    expect(program.output()).toContain('[resources] Started resource renamed');
    program.type('restart renamed');
    await program.printed(/Stopping resource renamed/);
  });

  it('has players, says what to do next, and begins its help with its own commands', async () => {
    await program.printed(
      /^Next: "npm run send -- --story --url http:\/\/127\.0\.0\.1:\d+\/renamed\/event --key "a key that is long enough"" in a second terminal/m,
    );
    program.type('as 12 cadnotify off');
    await program.printed(/^\[player 12 Jim Reed\] notification: CAD notifications: Notifications are off\./m);
    program.type('help');
    await program.printed(/^join [\s\S]*^renamed help [\s\S]*^\[cmd\] .*\bensure\b/m);
  });

  it('survives an exception in a callback of Node', async () => {
    await program.printed(/Uncaught Error: in a callback/);
    program.type('alive');
    await program.printed(/still there/);
  });

  it('ends with quit', async () => {
    program.type('quit');
    expect(await program.exited).toBe(0);
  });

  it('ends with 1 and the reason where FXServer would have crashed', async () => {
    const program = start('--resource', writeResource(folder, 'crash', `SetHttpHandler((req, res) => res.send(404))`));
    const [, url] = await program.printed(/^Listening on (\S+),/m);
    await fetch(`${url}/crash/`).catch(() => 'no answer');
    expect(await program.exited).toBe(1);
    expect(program.output()).toContain('FXServer would have crashed: res.send(): the body is the number 404');
  });

  it('runs a pretend CAD beside it, whose page and commands fire events, and ends with 0 when it is told to', async () => {
    const program = start('--fakecad');
    const [, url] = await program.printed(/^Pretend CAD: open (http:\/\/127\.0\.0\.1:\d+\/) /m);
    expect(await (await fetch(String(url))).text()).toContain('<title>Pretend CAD</title>');
    await program.printed(/The session with the CAD is open/);
    const login = `{"key":"${await keyOf(program)}","type":"EVENT_UNIT_LOGIN","data":{"unit":{"id":12}}}`;
    await fetch(`${await urlOf(program)}/sonorancad/event`, { method: 'POST', body: login });
    await program.printed(/push event EVENT_UNIT_LOGIN/);
    const headers = { authorization: `Bearer ${await keyOf(program)}` };
    const units = await fetch(`${url}v2/emergency/servers/1/units`, { headers });
    expect(await units.text()).toContain('"id":12');
    program.type('fakecad fire 911');
    await program.printed(/^EVENT_911 went over the session/m);
    program.child.kill('SIGTERM');
    expect(await program.exited).toBe(0);
  });

  it('prints how it is used and nothing else when asked', async () => {
    const program = start('--help');
    expect(await program.exited).toBe(0);
    expect(program.output()).toBe(`${USAGE}\n`);
  });

  it('says what can be done when its port is taken', async () => {
    const { port, close } = await openLocally(createServer());
    const program = start('--port', String(port));
    expect(await program.exited).toBe(1);
    await close();
    expect(program.output()).toBe(
      `Port ${port} is in use: end the program that listens there, or give another --port.\n`,
    );
  });

  it('says what is wrong with its arguments', async () => {
    const program = start('--prot', '1');
    expect(await program.exited).toBe(1);
    expect(program.output()).toMatch(/--prot[\s\S]*--port N/);
  });
});

const urlOf = async (program: ChildProgram) => (await program.printed(/^Listening on (\S+),/m))[1];
const keyOf = async (program: ChildProgram) => (await program.printed(/, API key (\w+)\./))[1];

function start(...args: string[]) {
  const all = [...SOURCE_FLAGS, 'scripts/start.ts', '--port', '0', '--root', folder, ...args];
  const program = startProgram(process.execPath, all, { cwd: projectRoot });
  running.push(program);
  return { ...program, type: (line: string) => void program.child.stdin?.write(`${line}\n`) };
}
