import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createKeyRing } from '../../src/events/api-keys.ts';
import { createForwardTargets, ProgramForwarding } from '../../src/program/forwarding.ts';
import { type HttpTarget, type Respond, startHttpTarget } from '../http-target.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';
import { until } from '../until.ts';
import { cleanUp, KEY, logout, newFolder, spawnProgram, startProgram } from './start-program.ts';

const targets: HttpTarget[] = [];

/** Starts a web server that receives forwarded events. @param port a free port unless given */
async function startTarget(respond?: Respond, port?: number): Promise<HttpTarget> {
  const target = await startHttpTarget(respond, port);
  targets.push(target);
  return target;
}

const bodiesAt = (target: HttpTarget) =>
  target.received.map(({ body }) => JSON.parse(body.toString()) as { data?: { identId: number } });
const numbersAt = (target: HttpTarget) => bodiesAt(target).flatMap(({ data }) => data?.identId ?? []);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('sonorancad listen --forward', () => {
  afterEach(async () => {
    for (const target of targets.splice(0)) await target.close();
    await cleanUp();
  });

  it('forwards each event unchanged to every URL, with its webhook-id and one more hop', async () => {
    const [one, two] = [await startTarget(), await startTarget()];
    const program = await startProgram(['--forward', one.url, '--forward', `${two.url}/x`]);
    const sent = { ...logout(1), more: ['kept'] };
    await program.post(sent, { 'webhook-id': 'its-id', 'x-sonorancad-hop': '2' });
    await until(() => one.received.length === 1 && two.received.length === 1);
    expect(bodiesAt(one)[0]).toEqual(sent);
    expect(one.received[0]?.headers).toMatchObject({ 'webhook-id': 'its-id', 'x-sonorancad-hop': '3' });
    expect(await program.stop()).toBe(0);
  });

  it('forwards a replay with the replay header, so that receivers do not drop it as a repeat', async () => {
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

  it('forwards a replay that has its own webhook-id under that id, and drops its repeat', async () => {
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

  it('stops forwarding an event after five hops, and forwards the next one', async () => {
    const listener = await startTarget();
    const program = await startProgram(['--forward', listener.url]);
    await program.post(logout(1), { 'x-sonorancad-hop': '5' });
    await program.post(logout(2));
    await until(() => listener.received.length > 0);
    await program.stop();
    expect(numbersAt(listener)).toEqual([2]);
  });

  it('forwards every answered event after it was killed and restarted, once and in order', async () => {
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
    // A third run has nothing left to send.
    const third = await startProgram(args);
    await third.post(logout(41));
    await until(() => numbersAt(back).length > 40);
    expect(numbersAt(back)).toEqual(upTo(41));
    await third.stop();
  });

  it('reports events as lost that the full disk did not store', async () => {
    const gone = await startTarget();
    await gone.close();
    const folder = newFolder();
    // `ulimit -f` simulates a disk that is full after a few kilobytes.
    const node = join(folder, 'node');
    writeFileSync(node, `#!/bin/sh\nulimit -f 8\nexec "${process.execPath}" "$@"\n`, { mode: 0o755 });
    const program = await startProgram(['--forward', gone.url], { cwd: folder, node });
    for (const number of upTo(30)) await program.post(logout(number));
    await program.stop();
    expect(program.said()).toContain(
      'Those that could not be written to the folder of --forward-dir are lost. waiting=30',
    );
    expect(program.said()).not.toContain('The next start continues with them');
  });

  it('keeps waiting events when it is stopped, and logs their number', async () => {
    const gone = await startTarget();
    await gone.close();
    const folder = newFolder();
    const args = ['--forward', gone.url];
    const program = await startProgram(args, { cwd: folder });
    for (const number of upTo(5)) await program.post(logout(number));
    expect(await program.stop()).toBe(0);
    expect(program.said()).toContain(
      'Some events still wait to be forwarded. The next start continues with them. waiting=5',
    );
    expect(readdirSync(join(folder, 'sonorancad-outbox'))).toEqual(['outbox.log']);
    const back = await startTarget(undefined, gone.port);
    const again = await startProgram(args, { cwd: folder });
    await until(() => numbersAt(back).length >= 5);
    expect(numbersAt(back)).toEqual(upTo(5));
    await again.stop();
  });

  it('advises on failing targets without naming commands of the game server console', async () => {
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

  it('refuses a folder that another listener uses', async () => {
    const listener = await startTarget();
    const folder = newFolder();
    const args = ['--forward', listener.url];
    const program = await startProgram(args, { cwd: folder });
    const second = spawnProgram(['listen', '--port', '0', ...args], { cwd: folder });
    expect(await second.exited).toBe(1);
    expect(second.said()).toContain(
      `sonorancad: The folder of --forward-dir is in use by process ${program.child.pid}. ` +
        'Give each listener its own folder.',
    );
    // The first listener still works.
    await program.post(logout(1));
    await until(() => numbersAt(listener).length === 1);
  });

  it('unlocks its folder if its port is in use', async () => {
    const listener = await startTarget();
    const folder = newFolder();
    const busy = ['--port', String(listener.port), '--forward', 'http://127.0.0.1:9/x'];
    const program = spawnProgram(['listen', ...busy], { cwd: folder });
    expect(await program.exited).toBe(1);
    expect(program.said()).toContain('is in use: end the program that listens there');
    expect(existsSync(join(folder, 'sonorancad-outbox', 'in-use'))).toBe(false);
  });
});

const own = { port: 30_150, resourceName: 'sonorancad', addresses: ['192.0.2.7'] };
const targetsOf = (urls: readonly string[], ownPath = '/sonorancad/event') =>
  createForwardTargets({ urls, apiKeys: [KEY], own, ownPath });

describe('createForwardTargets', () => {
  it('completes URLs as the resource does', () => {
    const { targets, warnings } = targetsOf(['http://127.0.0.1:30151', ' https://bot.example/ ']);
    expect(targets.map(({ url, includeKey, format }) => [url, includeKey, format])).toEqual([
      ['http://127.0.0.1:30151/sonorancad/event', true, 'payload'],
      ['https://bot.example/', true, 'payload'],
    ]);
    expect(warnings).toEqual([]);
  });

  it('derives the name of a target from its URL alone, so that waiting events find their target again', () => {
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
    // With the format `payload`, the warning would advise a change of config.json, which a program does not have.
    'http://discord.com/api/webhooks/1/token',
    'https://discord.com:443/api/v10/webhooks/1/token',
    'https://name:word@discord.com/api/webhooks/1/token',
  ])('chooses the format discord for the webhook %s', (url) => {
    const { targets, warnings } = targetsOf([url]);
    expect(targets[0]?.format).toBe('discord');
    expect(warnings).toEqual([]);
  });

  it('names --forward in its warnings, and quotes no API key', () => {
    expect(targetsOf([`http://203.0.113.5/x?key=${KEY}`]).warnings).toEqual([
      expect.stringMatching(/^--forward gets the API key over plain http \(http:\/\/203\.0\.113\.5\/x/),
    ]);
    expect(targetsOf([`http://203.0.113.5/${KEY}`]).warnings.join()).not.toContain(KEY);
  });

  it.each([
    ['no address', 'expected a URL like'],
    ['https://host', 'expected a URL like'],
    [
      'http://localhost:30150',
      'an address at which this program receives events itself: its events would circulate without end.',
    ],
    ['http://192.0.2.7:30150/sonorancad/event', 'an address at which this program receives events itself'],
    ['http://169.254.169.254/', 'which is never sent to'],
  ])('refuses %s', (url, sentence) => {
    expect(() => targetsOf([url])).toThrow(
      expect.objectContaining({ message: expect.stringContaining(sentence), exitCode: 2 }),
    );
  });

  it('refuses the path of --path at which the program itself listens', () => {
    expect(() => targetsOf(['http://127.0.0.1:30150/events'], '/events')).toThrow(
      'this program receives events itself',
    );
    expect(targetsOf(['http://127.0.0.1:30151/events'], '/events').targets).toHaveLength(1);
  });
});

describe('ProgramForwarding', () => {
  afterEach(cleanUp);

  it('warns if the outbox file cannot be compacted, and still stops without losing events', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'outbox.log'), `${JSON.stringify(['x', 'x'.repeat(1024 * 1024)])}\n["x"]\n`);
    mkdirSync(join(folder, 'outbox.log.new'));
    const log = createRecordingLog();
    const { targets } = targetsOf(['http://127.0.0.1:9']);
    const clock = createManualClock();
    const forwarding = new ProgramForwarding({
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
        message: expect.stringContaining('could not be compacted'),
        fields: { reason: expect.stringContaining('EISDIR') },
      },
    ]);
  });
});
