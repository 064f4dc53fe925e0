import { afterEach, describe, expect, it } from '@jest/globals';
import type { HttpExchange } from '../../src/types.ts';
import { answerOk, onlyChunk, startTestServer, stopTestServers } from './test-server.ts';

afterEach(stopTestServers);

/** Answers when the body comes, with it, and notes how often it came. */
async function startEcho() {
  const bodies: string[] = [];
  const server = await startTestServer((exchange) => {
    exchange.setDataHandler((body) => {
      bodies.push(body.toString());
      exchange.writeHead(200, {});
      exchange.end(Buffer.from(`got ${body.length}`));
    });
  });
  return { server, bodies, client: await server.client() };
}

const post = (headers: string) => `POST /res/ HTTP/1.1\r\n${headers}\r\n`;
const CHUNKED = post('Transfer-Encoding: chunked\r\n');

describe('a body with a Content-Length', () => {
  it('comes whole when it is sent with the head', async () => {
    const { client, bodies } = await startEcho();
    await client.send(`${post('Content-Length: 5\r\n')}hello`);
    await client.until('got 5');
    expect(bodies).toEqual(['hello']);
  });

  it('comes once when it is sent in several segments', async () => {
    const { client, bodies } = await startEcho();
    for (const part of [post('content-length: 5\r\n'), 'he', 'll', 'o']) await client.send(part);
    await client.until('got 5');
    expect(bodies).toEqual(['hello']);
  });

  it('waits for a handler that is set late, and comes before setDataHandler returns', async () => {
    const server = await startTestServer();
    const next = server.nextExchange();
    const client = await server.client();
    await client.send(`${post('Content-Length: 2\r\n')}hi`);
    const exchange = await next;
    const seen: string[] = [];
    exchange.setDataHandler((body) => seen.push(body.toString()));
    expect(seen).toEqual(['hi']);
  });

  it('is not given to a second handler', async () => {
    const server = await startTestServer();
    const next = server.nextExchange();
    const client = await server.client();
    await client.send(`${post('Content-Length: 2\r\n')}hi`);
    const exchange = await next;
    const seen: string[] = [];
    exchange.setDataHandler(() => seen.push('first'));
    exchange.setDataHandler(() => seen.push('second'));
    await client.send('');
    expect(seen).toEqual(['first']);
  });

  it.each([
    ['no Content-Length', ''],
    ['a Content-Length of 0', 'Content-Length: 0\r\n'],
    ['a Content-Length that is no number', 'Content-Length: x\r\n'],
  ])('never comes with %s', async (_what, headers) => {
    const { client, bodies } = await startEcho();
    await client.send(post(headers));
    await client.send('');
    expect({ bodies, received: client.received }).toEqual({ bodies: [], received: '' });
  });

  it('of 5 MiB in its own segments passes', async () => {
    const { client } = await startEcho();
    await client.send(post(`Content-Length: ${5 * 1024 * 1024}\r\n`));
    await client.send(Buffer.alloc(5 * 1024 * 1024));
    expect(onlyChunk(await client.until('\r\n0\r\n\r\n'))).toBe('got 5242880');
  });

  it('of one byte more closes the connection without an answer and cancels', async () => {
    const server = await startTestServer();
    const cancelled = new Promise<string>((resolve) => {
      server.http.register('res', (exchange) => exchange.setCancelHandler(() => resolve('cancelled')));
    });
    const client = await server.client();
    await client.send(post(`Content-Length: ${5 * 1024 * 1024 + 1}\r\n`));
    await client.send(Buffer.alloc(5 * 1024 * 1024 + 1));
    expect([await cancelled, await client.closed()]).toEqual(['cancelled', '']);
  });

  it('brings no 100 Continue', async () => {
    const { client } = await startEcho();
    await client.send(post('Content-Length: 2\r\nExpect: 100-continue\r\n'));
    await client.send('');
    expect(client.received).toBe('');
  });

  it('that nobody routes is taken for the next request and closes the connection', async () => {
    const { client } = await startEcho();
    await client.send('POST /nobody HTTP/1.1\r\nContent-Length: 8\r\n\r\n{"a": 1}');
    expect(await client.closed()).toContain('Route /nobody not found.');
  });
});

describe('a chunked body', () => {
  it('is lost when it comes in one read with the head', async () => {
    const { client, bodies } = await startEcho();
    await client.send(`${CHUNKED}5\r\nhello\r\n0\r\n\r\n`);
    await client.send('');
    expect({ bodies, received: client.received }).toEqual({ bodies: [], received: '' });
  });

  it('is empty when all of it comes in one read after the head', async () => {
    const { client, bodies } = await startEcho();
    await client.send(CHUNKED);
    await client.send('5\r\nhello\r\n0\r\n\r\n');
    await client.until('got 0');
    expect(bodies).toEqual(['']);
  });

  it('loses what comes in one read with its end', async () => {
    const { client, bodies } = await startEcho();
    for (const part of [CHUNKED, '5\r\nhello\r\n', '6\r\n world\r\n0\r\n\r\n']) await client.send(part);
    await client.until('got 5');
    expect(bodies).toEqual(['hello']);
  });

  it('is whole when its end comes alone', async () => {
    const { client, bodies } = await startEcho();
    for (const part of [CHUNKED, 'b;x=y\r\nhello', ' world\r\n', '0\r\nTrailer: x\r\n\r\n']) await client.send(part);
    await client.until('got 11');
    expect(bodies).toEqual(['hello world']);
  });

  it('is none when the header is written in capitals', async () => {
    const { client, bodies } = await startEcho();
    await client.send(post('Transfer-Encoding: Chunked\r\n'));
    await client.send('5\r\nhello\r\n');
    expect(bodies).toEqual([]);
  });

  it('that is malformed closes the connection', async () => {
    const { client } = await startEcho();
    await client.send(CHUNKED);
    await client.send('hello\r\n');
    expect(await client.closed()).toBe('');
  });
});

describe('a cancel handler', () => {
  async function startWaiting() {
    const server = await startTestServer();
    const calls: string[] = [];
    const next = new Promise<HttpExchange>((resolve) => {
      server.http.register('res', (exchange) => {
        exchange.setCancelHandler(() => calls.push('cancelled'));
        resolve(exchange);
      });
    });
    const client = await server.client();
    await client.send('GET /res/ HTTP/1.1\r\n\r\n');
    return { server, client, calls, exchange: await next };
  }

  it('is called when the client goes', async () => {
    const { client, calls } = await startWaiting();
    client.destroy();
    await client.send('');
    expect(calls).toEqual(['cancelled']);
  });

  it('is called when the client only closes its half, and the connection is gone', async () => {
    const { client, calls } = await startWaiting();
    client.finish();
    expect(await client.closed()).toBe('');
    await client.closed();
    expect(calls).toEqual(['cancelled']);
  });

  it('is not called after the answer', async () => {
    const { client, calls, exchange } = await startWaiting();
    answerOk(exchange);
    await client.until('ok');
    client.destroy();
    await client.send('');
    expect(calls).toEqual([]);
  });

  it('is not called when it is set after the client went', async () => {
    const { client, exchange } = await startWaiting();
    client.destroy();
    await client.send('');
    const late: string[] = [];
    exchange.setCancelHandler(() => late.push('late'));
    await client.send('');
    expect(late).toEqual([]);
  });

  it('is not called after the server closed', async () => {
    const { server, client, calls } = await startWaiting();
    await server.http.close();
    await client.closed();
    await client.send('');
    expect(calls).toEqual([]);
  });
});
