import { existsSync, readdirSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '../hardening/recorders.ts';
import { buildProgram, cleanUp, logout, newFolder, spawnProgram, startProgram } from './start-program.ts';

jest.setTimeout(60_000);

interface Arrived {
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly data: { readonly identId: number } };
}

/** A web server that takes what is forwarded to it. @param port a free one unless given */
async function listenerAt(port = 0) {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      arrived.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.end('ok');
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  const numbers = () => arrived.filter(({ body }) => body.data !== undefined).map(({ body }) => body.data.identId);
  return { port: (server.address() as AddressInfo).port, arrived, numbers, close };
}

const servers: Server[] = [];
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('a program with --forward', () => {
  beforeAll(buildProgram);
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close();
    await cleanUp();
  });

  it('sends each event on as it came, under its id, and says how far it has come', async () => {
    const [one, two] = [await listenerAt(), await listenerAt()];
    const program = await startProgram([
      '--forward',
      `http://127.0.0.1:${one.port}`,
      '--forward',
      `http://127.0.0.1:${two.port}/x`,
    ]);
    const sent = { ...logout(1), more: ['kept'] };
    await program.post(sent, { 'webhook-id': 'its-id', 'x-sonorancad-hop': '2' });
    await until(() => one.arrived.length === 1 && two.arrived.length === 1);
    expect(one.arrived[0]?.body).toEqual(sent);
    expect(one.arrived[0]?.headers).toMatchObject({ 'webhook-id': 'its-id', 'x-sonorancad-hop': '3' });
    expect(await program.stop()).toBe(0);
  });

  it('sends what was replayed to it on as a replay, which is new to whoever has the event already', async () => {
    const listener = await listenerAt();
    const program = await startProgram(['--forward', `http://127.0.0.1:${listener.port}`]);
    await program.post(logout(1), { 'webhook-id': 'its-id' });
    await until(() => listener.arrived.length === 1);
    await program.post(logout(1), { 'webhook-id': 'its-id', 'x-sonorancad-replay': 'true' });
    await until(() => listener.arrived.length === 2);
    const seen = listener.arrived.map(({ headers }) => [headers['webhook-id'], headers['x-sonorancad-replay']]);
    expect(seen).toEqual([
      ['its-id', undefined],
      ['its-id', 'true'],
    ]);
    await program.stop();
  });

  it('ends a circle', async () => {
    const listener = await listenerAt();
    const program = await startProgram(['--forward', `http://127.0.0.1:${listener.port}`]);
    await program.post(logout(1), { 'x-sonorancad-hop': '5' });
    await program.post(logout(2));
    await until(() => listener.arrived.length > 0);
    await program.stop();
    expect(listener.numbers()).toEqual([2]);
  });

  it('goes on after it was killed with all that it had answered', async () => {
    const gone = await listenerAt();
    await gone.close();
    const folder = newFolder();
    const args = ['--forward', `http://127.0.0.1:${gone.port}`, '--forward-dir', join(folder, 'outbox')];
    const program = await startProgram(args);
    for (const number of upTo(40)) expect((await program.post(logout(number)))[0]).toBe(200);
    program.child.kill('SIGKILL');
    await program.exited;
    const back = await listenerAt(gone.port);
    const again = await startProgram(args);
    await until(() => back.numbers().length >= 40);
    expect(back.numbers()).toEqual(upTo(40));
    expect(await again.stop()).toBe(0);
    // Nothing is left for a third run.
    const third = await startProgram(args);
    await third.post(logout(41));
    await until(() => back.numbers().length > 40);
    expect(back.numbers()).toEqual(upTo(41));
    await third.stop();
  });

  it('keeps what waits when it is told to stop, and says how much that is', async () => {
    const gone = await listenerAt();
    await gone.close();
    const folder = newFolder();
    const args = ['--forward', `http://127.0.0.1:${gone.port}`];
    const program = await startProgram(args, { cwd: folder });
    for (const number of upTo(5)) await program.post(logout(number));
    expect(await program.stop()).toBe(0);
    expect(program.said()).toContain('Some events wait to be forwarded, with which the next start goes on. waiting=5');
    expect(readdirSync(join(folder, 'sonorancad-outbox'))).toEqual(['outbox.log']);
    const back = await listenerAt(gone.port);
    const again = await startProgram(args, { cwd: folder });
    await until(() => back.numbers().length >= 5);
    expect(back.numbers()).toEqual(upTo(5));
    await again.stop();
  });

  it('tells of targets that take nothing without commands that it does not have', async () => {
    const refusing = createServer((request, response) => response.writeHead(request.url === '/gone' ? 410 : 422).end());
    servers.push(refusing);
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    const program = await startProgram(['--forward', `${url}/gone`, '--forward', `${url}/other`]);
    await program.post(logout(1));
    await until(() => program.said().includes('is gone for good') && program.said().includes('given up on'));
    expect(program.said()).toContain('correct its address, or start this program anew. Its events wait.');
    expect(program.said()).toContain('An event was given up on; it stays in the folder of --forward-dir.');
    expect(program.said()).not.toContain('sonorancad forward');
    await program.stop();
  });

  it('shares its folder with no other', async () => {
    const listener = await listenerAt();
    const folder = newFolder();
    const args = ['--forward', `http://127.0.0.1:${listener.port}`];
    const program = await startProgram(args, { cwd: folder });
    const second = spawnProgram(['listen', '--port', '0', ...args], { cwd: folder });
    expect(await second.exited).toBe(1);
    expect(second.said()).toContain(
      `sonorancad: The folder of --forward-dir is in use by process ${program.child.pid}: give each listener one of its own.`,
    );
    // The one that has it still works.
    await program.post(logout(1));
    await until(() => listener.numbers().length === 1);
  });

  it('gives its folder back when it cannot have its port', async () => {
    const listener = await listenerAt();
    const folder = newFolder();
    const busy = ['--port', String(listener.port), '--forward', 'http://127.0.0.1:9/x'];
    const program = spawnProgram(['listen', ...busy], { cwd: folder });
    expect(await program.exited).toBe(1);
    expect(program.said()).toContain('is in use: end the program that listens there');
    expect(existsSync(join(folder, 'sonorancad-outbox', 'in-use'))).toBe(false);
  });
});
