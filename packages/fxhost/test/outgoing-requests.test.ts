import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type HttpTarget, startHttpTarget } from '../../../test/http-target.ts';
import type { FxHost } from '../src/index.ts';
import { createOutgoingRequests } from '../src/outgoing-requests.ts';
import { manifest, printedBy, serverWith } from './server-with.ts';

const listeners: HttpTarget[] = [];
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close();
});

/** @returns the address of a web server */
async function web(
  respond?: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<[string, HttpTarget]> {
  const listener = await startHttpTarget(respond);
  listeners.push(listener);
  return [`http://127.0.0.1:${listener.port}`, listener];
}

/** Runs Lua with `show` as the callback of a request, which prints what it is given. */
const lua = (code: string) => ({
  'fxmanifest.lua': manifest(`server_script 'server.lua'`),
  'server.lua': `
local function show(status, body, headers, problem)
  print(json.encode({ status = status, body = body or 'nil', header = headers['X-Answer'] or 'nil', problem = problem or 'nil' }))
end
${code}`,
});

/** Lets the server tick until the resource has printed a line. */
async function firstLine(host: FxHost, resource = 'one'): Promise<unknown> {
  while (printedBy(host, resource).length === 0) {
    host.tick();
    await sleep(2);
  }
  return JSON.parse(printedBy(host, resource)[0] ?? '');
}

describe('PerformHttpRequest', () => {
  it('sends what it is told and gives the answer at a tick', async () => {
    const [url, listener] = await web((_request, response) => {
      response.setHeader('X-Answer', 'yes');
      response.statusCode = 201;
      response.end('grüß dich');
    });
    const host = await serverWith({
      one: lua(
        `PerformHttpRequest('${url}/a?b=1', show, 'POST', '{"ä":1}', { ['Content-Type'] = 'application/json', ['X-Own'] = 'o' })`,
      ),
    });
    expect(await firstLine(host)).toEqual({ status: 201, body: 'grüß dich', header: 'yes', problem: 'nil' });
    expect(listener.received).toEqual([
      {
        method: 'POST',
        path: '/a?b=1',
        headers: expect.objectContaining({
          'content-type': 'application/json',
          'content-length': '8',
          'x-own': 'o',
          'user-agent': 'FXServer/PerformHttpRequest',
        }),
        body: Buffer.from('{"ä":1}'),
      },
    ]);
  });

  it('gives no body but a reason when the server refuses', async () => {
    const [url] = await web((_request, response) => {
      response.statusCode = 404;
      response.end('no such thing');
    });
    const host = await serverWith({ one: lua(`PerformHttpRequest('${url}', show)`) });
    expect(await firstLine(host)).toEqual({
      status: 404,
      body: 'nil',
      header: 'nil',
      problem: 'HTTP 404: no such thing',
    });
  });

  it.each(['http://127.0.0.1:1', 'no address', 'ftp://127.0.0.1/x'])('says that %s cannot be asked', async (url) => {
    const host = await serverWith({ one: lua(`PerformHttpRequest('${url}', show)`) });
    expect(await firstLine(host)).toMatchObject({
      status: 0,
      body: 'nil',
      problem: expect.stringContaining('CURL error'),
    });
  });

  it.each([
    ['follows where it is sent, without the body', '302', '', { status: 200, body: 'GET 0' }],
    ['asks for the same again where it is told so', '307', '', { status: 200, body: 'POST 2' }],
    ['stays where it is when told so', '302', ', { followLocation = false }', { status: 302, body: 'moved' }],
  ])('%s', async (_what, status, options, expected) => {
    const [url] = await web((request, response) => {
      if (request.url === '/there') response.end(`${request.method} ${request.headers['content-length'] ?? 0}`);
      else response.writeHead(Number(status), { location: '/there' }).end('moved');
    });
    const host = await serverWith({ one: lua(`PerformHttpRequest('${url}/here', show, 'POST', 'ab', {}${options})`) });
    expect(await firstLine(host)).toMatchObject(expected);
  });

  it('does not go round in circles for ever', async () => {
    const [url] = await web((_request, response) => response.writeHead(302, { location: '/' }).end());
    const host = await serverWith({ one: lua(`PerformHttpRequest('${url}', show)`) });
    expect(await firstLine(host)).toMatchObject({ status: 0, problem: expect.stringContaining('47') });
  });

  it('can be waited for in a thread', async () => {
    const [url] = await web();
    const host = await serverWith({
      one: lua(`CreateThread(function() show(PerformHttpRequestAwait('${url}')) end)`),
    });
    expect(await firstLine(host)).toMatchObject({ status: 200, body: 'ok' });
  });

  it('answers nobody but the resource that asked', async () => {
    const [url] = await web();
    const listening = `AddEventHandler('__cfx_internal:httpResponse', function() print('1') end)`;
    const host = await serverWith({
      other: lua(listening),
      one: lua(`${listening}\nPerformHttpRequest('${url}', show)`),
    });
    expect(await firstLine(host)).toBe(1);
    expect(printedBy(host, 'other')).toEqual([]);
  });

  it('would end the server for a file', async () => {
    const errors: string[] = [];
    const host = await serverWith(
      { one: lua(`CreateThread(function() PerformHttpRequest('file:///etc/hostname', show) end)`) },
      { onFatal: (error) => errors.push(error.message) },
    );
    host.tick();
    expect(errors).toEqual([expect.stringContaining('file:///etc/hostname')]);
  });
});

describe('a request through the server', () => {
  function ask(url: string, patienceMs: number) {
    const { promise, resolve } = Promise.withResolvers<string>();
    const events = { queue: (_name: string, payload: Uint8Array) => resolve(Buffer.from(payload).toString()) };
    const fatal = (message: string): never => {
      throw new Error(message);
    };
    const requests = createOutgoingRequests({ events, fatal, patienceMs });
    const caller = { resource: { name: 'one' } } as never;
    requests.natives.PerformHttpRequestInternalEx?.(caller, { url, method: 'GET', data: '', headers: {} });
    return { requests, answer: promise };
  }

  it('is given up when the server keeps silent', async () => {
    const [url] = await web(() => {});
    const { answer } = ask(url, 20);
    expect(await answer).toContain('CURL error code 28');
  });

  it('is broken off in silence when the server ends', async () => {
    const { promise: gone, resolve } = Promise.withResolvers<string>();
    const [url, listener] = await web((request) => request.socket.on('close', () => resolve('gone')));
    const { requests, answer } = ask(url, 60_000);
    await listener.count(1);
    requests.close();
    await gone;
    expect(await Promise.race([answer, sleep(50, 'nothing')])).toBe('nothing');
  });
});
