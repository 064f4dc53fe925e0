import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createKeyRing } from '../../src/events/api-keys.ts';
import { forwardTargets, lockFolder, openForwarding } from '../../src/program/forwarding.ts';
import { type HttpTarget, type Respond, startHttpTarget } from '../http-target.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';
import { until } from '../until.ts';
import { cleanUp, KEY, logout, newFolder, spawnProgram, startProgram } from './start-program.ts';

const targets: HttpTarget[] = [];

/** @param port a free one unless given */
async function startTarget(respond?: Respond, port?: number): Promise<HttpTarget> {
  const target = await startHttpTarget(respond, port);
  targets.push(target);
  return target;
}

const bodiesAt = (target: HttpTarget) =>
  target.received.map(({ body }) => JSON.parse(body.toString()) as { data?: { identId: number } });
const numbersAt = (target: HttpTarget) => bodiesAt(target).flatMap(({ data }) => data?.identId ?? []);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('a program with --forward', () => {
  afterEach(async () => {
    for (const target of targets.splice(0)) await target.close();
    await cleanUp();
  });

  it('sends each event on as it came, under its id, and says how far it has come', async () => {
    const [one, two] = [await startTarget(), await startTarget()];
    const program = await startProgram(['--forward', one.url, '--forward', `${two.url}/x`]);
    const sent = { ...logout(1), more: ['kept'] };
    await program.post(sent, { 'webhook-id': 'its-id', 'x-sonorancad-hop': '2' });
    await until(() => one.received.length === 1 && two.received.length === 1);
    expect(bodiesAt(one)[0]).toEqual(sent);
    expect(one.received[0]?.headers).toMatchObject({ 'webhook-id': 'its-id', 'x-sonorancad-hop': '3' });
    expect(await program.stop()).toBe(0);
  });

  it('sends what was replayed to it on as a replay, which is new to a receiver that has the event already', async () => {
    const listener = await startTarget();
    const program = await startProgram(['--forward', listener.url]);
    await program.post(logout(1), { 'webhook-id': 'its-id' });
    await until(() => listener.received.length === 1);
    await program.post(logout(1), { 'webhook-id': 'its-id', 'x-sonorancad-replay': 'true' });
    await until(() => listener.received.length === 2);
    const seen = listener.received.map(({ headers }) => [headers['webhook-id'], headers['x-sonorancad-replay']]);
    expect(seen).toEqual([
      ['its-id', undefined],
      ['its-id', 'true'],
    ]);
    await program.stop();
  });

  it('sends what came under the id of a replay on under that id', async () => {
    const listener = await startTarget();
    const program = await startProgram(['--forward', listener.url]);
    await program.post(logout(1), { 'webhook-id': 'its-id' });
    await program.post(logout(1), { 'webhook-id': 'its-id.r1' });
    await program.post(logout(1), { 'webhook-id': 'its-id.r1', 'x-sonorancad-replay': 'true' });
    await program.post(logout(1), { 'webhook-id': 'its-id.r2' });
    await until(() => listener.received.length === 3);
    const seen = listener.received.map(({ headers }) => [headers['webhook-id'], headers['x-sonorancad-replay']]);
    expect(seen).toEqual([
      ['its-id', undefined],
      ['its-id.r1', 'true'],
      ['its-id.r2', 'true'],
    ]);
    await program.stop();
  });

  it('ends a circle', async () => {
    const listener = await startTarget();
    const program = await startProgram(['--forward', listener.url]);
    await program.post(logout(1), { 'x-sonorancad-hop': '5' });
    await program.post(logout(2));
    await until(() => listener.received.length > 0);
    await program.stop();
    expect(numbersAt(listener)).toEqual([2]);
  });

  it('goes on after it was killed with all that it had answered', async () => {
    const gone = await startTarget();
    await gone.close();
    const folder = newFolder();
    const args = ['--forward', gone.url, '--forward-dir', join(folder, 'outbox')];
    const program = await startProgram(args);
    for (const number of upTo(40)) expect((await program.post(logout(number)))[0]).toBe(200);
    program.child.kill('SIGKILL');
    await program.exited;
    const back = await startTarget(undefined, gone.port);
    const again = await startProgram(args);
    await until(() => numbersAt(back).length >= 40);
    expect(numbersAt(back)).toEqual(upTo(40));
    expect(await again.stop()).toBe(0);
    // Nothing is left for a third run.
    const third = await startProgram(args);
    await third.post(logout(41));
    await until(() => numbersAt(back).length > 40);
    expect(numbersAt(back)).toEqual(upTo(41));
    await third.stop();
  });

  it('does not promise to go on with what its file has not taken', async () => {
    const gone = await startTarget();
    await gone.close();
    const folder = newFolder();
    // A disk that is full after some kilobytes.
    const node = join(folder, 'node');
    writeFileSync(node, `#!/bin/sh\nulimit -f 8\nexec "${process.execPath}" "$@"\n`, { mode: 0o755 });
    const program = await startProgram(['--forward', gone.url], { cwd: folder, node });
    for (const number of upTo(30)) await program.post(logout(number));
    await program.stop();
    expect(program.said()).toContain('those that the folder of --forward-dir did not take are lost. waiting=30');
    expect(program.said()).not.toContain('the next start goes on with them');
  });

  it('keeps what waits when it is told to stop, and says how much that is', async () => {
    const gone = await startTarget();
    await gone.close();
    const folder = newFolder();
    const args = ['--forward', gone.url];
    const program = await startProgram(args, { cwd: folder });
    for (const number of upTo(5)) await program.post(logout(number));
    expect(await program.stop()).toBe(0);
    expect(program.said()).toContain('Some events wait to be forwarded; the next start goes on with them. waiting=5');
    expect(readdirSync(join(folder, 'sonorancad-outbox'))).toEqual(['outbox.log']);
    const back = await startTarget(undefined, gone.port);
    const again = await startProgram(args, { cwd: folder });
    await until(() => numbersAt(back).length >= 5);
    expect(numbersAt(back)).toEqual(upTo(5));
    await again.stop();
  });

  it('tells of targets that take nothing without commands that it does not have', async () => {
    const { url } = await startTarget((request, response) =>
      response.writeHead(request.url === '/gone' ? 410 : 422).end(),
    );
    const program = await startProgram(['--forward', `${url}/gone`, '--forward', `${url}/other`]);
    await program.post(logout(1));
    await until(() => program.said().includes('is gone for good') && program.said().includes('given up on'));
    expect(program.said()).toContain('correct its address, or restart this program. Its events wait.');
    expect(program.said()).toContain('An event was given up on; it stays in the folder of --forward-dir.');
    expect(program.said()).not.toContain('sonorancad forward');
    await program.stop();
  });

  it('shares its folder with no other', async () => {
    const listener = await startTarget();
    const folder = newFolder();
    const args = ['--forward', listener.url];
    const program = await startProgram(args, { cwd: folder });
    const second = spawnProgram(['listen', '--port', '0', ...args], { cwd: folder });
    expect(await second.exited).toBe(1);
    expect(second.said()).toContain(
      `sonorancad: The folder of --forward-dir is in use by process ${program.child.pid}: give each listener one of its own.`,
    );
    // The one that has it still works.
    await program.post(logout(1));
    await until(() => numbersAt(listener).length === 1);
  });

  it('gives its folder back when it cannot have its port', async () => {
    const listener = await startTarget();
    const folder = newFolder();
    const busy = ['--port', String(listener.port), '--forward', 'http://127.0.0.1:9/x'];
    const program = spawnProgram(['listen', ...busy], { cwd: folder });
    expect(await program.exited).toBe(1);
    expect(program.said()).toContain('is in use: end the program that listens there');
    expect(existsSync(join(folder, 'sonorancad-outbox', 'in-use'))).toBe(false);
  });
});

describe('the lock of a folder', () => {
  afterEach(cleanUp);

  it('makes the folder, and leaves nothing behind when it is given back', () => {
    const folder = join(newFolder(), 'a', 'b');
    const unlock = lockFolder(folder);
    expect(readdirSync(folder)).toEqual(['in-use']);
    unlock();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a folder that another living process has', () => {
    const folder = newFolder();
    const other = spawn('sleep', ['1000']);
    try {
      // As that process would have written it.
      lockFolder(folder);
      const boot = (readFileSync(join(folder, 'in-use'), 'utf8').split(' ')[1] ?? '').split('/')[0];
      const started = readFileSync(`/proc/${other.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19];
      writeFileSync(join(folder, 'in-use'), `${other.pid} ${boot}/${started}\n`);
      expect(() => lockFolder(folder)).toThrow(`is in use by process ${other.pid}`);
      // Its number may be given to another process later.
      writeFileSync(join(folder, 'in-use'), `${other.pid} ${boot}/1\n`);
      lockFolder(folder);
    } finally {
      other.kill();
    }
  });

  it('does not mind what a killed process, or a power cut, has left behind', () => {
    const folder = newFolder();
    for (const left of ['', '4194999 x/1\n', 'garbage', `${process.pid} \n`]) {
      writeFileSync(join(folder, 'in-use'), left);
      lockFolder(folder)();
      expect(existsSync(join(folder, 'in-use'))).toBe(false);
    }
  });

  it('says that a folder cannot be had', () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    expect(() => lockFolder(join(file, 'folder'))).toThrow(
      'The folder of --forward-dir cannot be written to (ENOTDIR).',
    );
  });
});

const own = { port: 30_150, resourceName: 'sonorancad', addresses: ['192.0.2.7'] };
const targetsOf = (urls: readonly string[], ownPath = '/sonorancad/event') =>
  forwardTargets({ urls, apiKeys: [KEY], own, ownPath });

describe('the targets of --forward', () => {
  it('are completed as those of the resource', () => {
    const { targets, warnings } = targetsOf(['http://127.0.0.1:30151', ' https://bot.example/ ']);
    expect(targets.map(({ url, includeKey, format }) => [url, includeKey, format])).toEqual([
      ['http://127.0.0.1:30151/sonorancad/event', true, 'payload'],
      ['https://bot.example/', true, 'payload'],
    ]);
    expect(warnings).toEqual([]);
  });

  it('have names that depend on nothing but their addresses, so that what waits finds its target again', () => {
    const [first, second] = ['https://bot.example/a', 'http://[2001:db8::1]:80/b'];
    const names = (urls: readonly string[]) => targetsOf(urls).targets.map(({ name }) => name);
    expect(names([first, second])).toEqual([
      expect.stringMatching(/^to-bot\.example-[0-9a-f]{8}$/),
      expect.any(String),
    ]);
    expect(names([second, first])).toEqual(names([first, second]).reverse());
    expect(names([first, first])).toEqual(names([first]));
    expect(new Set(names(['https://bot.example/a', 'https://bot.example/a?b=1'])).size).toBe(2);
  });

  it.each([
    'https://discord.com/api/webhooks/1/token',
    // Without the form of messages, it would be told to change a configuration that a program does not have.
    'http://discord.com/api/webhooks/1/token',
    'https://discord.com:443/api/v10/webhooks/1/token',
    'https://name:word@discord.com/api/webhooks/1/token',
  ])('are messages where the address is a webhook of Discord: %s', (url) => {
    const { targets, warnings } = targetsOf([url]);
    expect(targets[0]?.format).toBe('discord');
    expect(warnings).toEqual([]);
  });

  it('are warned about in the words of the command line', () => {
    expect(targetsOf([`http://203.0.113.5/x?key=${KEY}`]).warnings).toEqual([
      expect.stringMatching(/^--forward gets the API key over plain http \(http:\/\/203\.0\.113\.5\/x/),
    ]);
    expect(targetsOf([`http://203.0.113.5/${KEY}`]).warnings.join()).not.toContain(KEY);
  });

  it.each([
    ['no address', 'expected a URL like'],
    ['https://host', 'expected a URL like'],
    ['http://localhost:30150', 'the address at which this program receives events itself, which would never end.'],
    ['http://192.0.2.7:30150/sonorancad/event', 'the address at which this program receives events itself'],
    ['http://169.254.169.254/', 'which is never sent to'],
  ])('refuse %s', (url, sentence) => {
    expect(() => targetsOf([url])).toThrow(
      expect.objectContaining({ message: expect.stringContaining(sentence), exitCode: 2 }),
    );
  });

  it('refuse the path that the program was told to listen at', () => {
    expect(() => targetsOf(['http://127.0.0.1:30150/events'], '/events')).toThrow(
      'this program receives events itself',
    );
    expect(targetsOf(['http://127.0.0.1:30151/events'], '/events').targets).toHaveLength(1);
  });
});

describe('forwarding over a file', () => {
  afterEach(cleanUp);

  it('says that the file of the outbox cannot be made smaller, and stops as ever', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'outbox.log'), `${JSON.stringify(['x', 'x'.repeat(1024 * 1024)])}\n["x"]\n`);
    mkdirSync(join(folder, 'outbox.log.new'));
    const log = createRecordingLog();
    const { targets } = targetsOf(['http://127.0.0.1:9']);
    const clock = createManualClock();
    const forwarding = openForwarding({
      targets,
      folder,
      apiKey: KEY,
      keys: createKeyRing([KEY]),
      version: '0.0.0',
      clock,
      log,
    });
    clock.advance(5_000);
    expect(forwarding.stop()).toEqual({ waiting: 0, isKept: true });
    expect(log.lines.filter(({ level }) => level !== 'info')).toEqual([
      {
        level: 'warn',
        message: expect.stringContaining('cannot be made smaller'),
        fields: { reason: expect.stringContaining('EISDIR') },
      },
    ]);
  });
});
