import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type HttpTarget, type Respond, startHttpTarget } from '../http-target.ts';
import { until } from '../until.ts';
import { cleanUp, logout, newFolder, spawnProgram, startProgram } from './start-program.ts';

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
