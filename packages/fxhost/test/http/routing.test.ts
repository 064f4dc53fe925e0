import { afterEach, describe, expect, it } from '@jest/globals';
import { createHttpServer } from '../../src/http/http-server.ts';
import { openRawClient } from './raw-client.ts';
import { answerOk, answerPath, onlyChunk, startTestServer, stopTestServers } from './test-server.ts';

afterEach(stopTestServers);

describe('a request target', () => {
  it.each([
    ['/res/a?x=1', '/a?x=1'],
    ['/res', '/'],
    ['/res/', '/'],
    ['/RES/a', '/a'],
    ['/res//a', '//a'],
    ['/res/a%20b/../c', '/a%20b/../c'],
    ['/res/ß', '/ß'],
  ])('%s reaches the resource as %s', async (target, path) => {
    const server = await startTestServer(answerPath);
    const body = onlyChunk(await server.ask(target));
    expect(Buffer.from(body, 'latin1').toString()).toBe(path);
  });

  it.each(['/res?x=1', '/RES', '/resource/a', '/nobody/'])('%s has no route', async (target) => {
    const server = await startTestServer();
    const response = await server.ask(target);
    expect(response).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
    expect(response).not.toMatch(/content-type/i);
    expect(onlyChunk(response)).toBe(`Route ${target} not found.`);
  });
});

describe('a resource', () => {
  it('that never set a handler answers 404 by itself', async () => {
    const server = await startTestServer(null);
    const response = await server.ask('/res/a');
    expect(response).toContain('HTTP/1.1 404 Not Found\r\n');
    expect(response).toContain('Content-Type: text/plain; charset=utf-8\r\n');
    expect(onlyChunk(response)).toBe('Not found.');
  });

  it('has no route after it stopped', async () => {
    const server = await startTestServer();
    server.http.unregister('res');
    expect(onlyChunk(await server.ask('/res/a'))).toBe('Route /res/a not found.');
  });

  it('answers with the handler that was set last', async () => {
    const server = await startTestServer(answerOk);
    server.http.register('res', answerPath);
    expect(onlyChunk(await server.ask('/res/later'))).toBe('/later');
  });

  it('that stops before its handler ran leaves the request unanswered', async () => {
    const queue: Array<() => void> = [];
    const server = await createHttpServer({
      port: 0,
      convar: (_name, fallback) => fallback,
      fatal: (message) => {
        throw new Error(message);
      },
      onMainThread: (callback) => queue.push(callback),
    });
    let calls = 0;
    server.register('res', () => calls++);
    const client = await openRawClient(server.port);
    await client.send('GET /res/ HTTP/1.1\r\n\r\n');
    server.unregister('res');
    const queued = queue.length;
    for (const callback of queue) callback();
    await server.close();
    expect({ queued, calls, received: await client.closed() }).toEqual({ queued: 1, calls: 0, received: '' });
  });

  it.each(['clients', 'files2', 'performance'])('named %s is shadowed by a route of the server', async (name) => {
    const server = await startTestServer();
    let calls = 0;
    server.http.register(name, () => calls++);
    await server.ask(`/${name}/a`);
    expect(calls).toBe(0);
  });
});

describe('the server itself', () => {
  it('answers / only for exactly that target', async () => {
    const server = await startTestServer();
    server.convars.set('version', 'FXServer-test');
    expect(JSON.parse(onlyChunk(await server.ask('/')))).toEqual({ version: 'FXServer-test' });
    expect(onlyChunk(await server.ask('/?a'))).toBe('Route /?a not found.');
  });

  it('lists public variables and resources in /info.json', async () => {
    const server = await startTestServer();
    const body = Buffer.from(onlyChunk(await server.ask('/INFO.json?x')), 'latin1').toString();
    expect(JSON.parse(body)).toMatchObject({ vars: { sv_projectName: 'Blåbær' }, resources: ['res'] });
  });

  it.each(['/dynamic.json', '/players.json', '/perf/', '/client'])('answers %s', async (target) => {
    const server = await startTestServer();
    expect(await server.ask(target)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });
});
