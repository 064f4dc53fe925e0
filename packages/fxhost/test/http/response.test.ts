import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { HttpExchange } from '../../src/types.ts';
import { answerOk, onlyChunk, startTestServer, stopTestServers } from './test-server.ts';

afterEach(stopTestServers);

const DATE = /Date: [A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\r\n/;
const IDENTITY = { 'Transfer-Encoding': 'identity' };

/** What a client gets for one request that is answered this way, without the Date line. */
async function answer(respond: (exchange: HttpExchange) => void, requestLine = 'GET /res/ HTTP/1.1', headers = '') {
  const server = await startTestServer(respond);
  const client = await server.client();
  await client.send(`${requestLine}\r\n${headers}\r\n`);
  await client.send('');
  return client.received.replace(DATE, '');
}

describe('a head', () => {
  it('goes out at once and says the date', async () => {
    const server = await startTestServer((exchange) => exchange.writeHead(200, {}));
    const client = await server.client();
    await client.send('GET /res/ HTTP/1.1\r\n\r\n');
    expect(await client.until('\r\n\r\n')).toMatch(DATE);
  });

  it('has the headers sorted, one line for each value, and is chunked whatever length was given', async () => {
    const received = await answer((exchange) => {
      exchange.writeHead(201, { 'x-b': '1', 'Set-Cookie': ['a=1', 'b=2'], 'Content-Length': '7', 'X-A': 'ü' });
    });
    expect(Buffer.from(received, 'latin1').toString()).toBe(
      'HTTP/1.1 201 Created\r\nConnection: keep-alive\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n' +
        'Transfer-Encoding: chunked\r\nX-A: ü\r\nx-b: 1\r\n\r\n',
    );
  });

  it('keeps a date of the script and doubles its Connection', async () => {
    const received = await answer((exchange) => exchange.writeHead(200, { date: 'today', connection: 'x' }));
    expect(received).toContain('Connection: keep-alive\r\nconnection: x\r\ndate: today\r\n');
  });

  it('wins over a later one', async () => {
    const received = await answer((exchange) => {
      exchange.writeHead(200, {});
      exchange.writeHead(500, { 'X-Late': '1' });
      exchange.end(Buffer.from('ok'));
    });
    expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*ok\r\n0\r\n\r\n$/);
    expect(received).not.toContain('X-Late');
  });

  it.each([
    [308, ''],
    [418, ''],
    [451, ''],
    [507, ''],
    [408, 'Request Time-out'],
    [413, 'Request Entity Too Large'],
    [429, 'Too Many Requests'],
    [504, 'Gateway Time-out'],
  ])('of status %d has the reason "%s"', async (status, reason) => {
    const received = await answer((exchange) => exchange.writeHead(status, {}));
    expect(received.split('\r\n')[0]).toBe(`HTTP/1.1 ${status} ${reason}`);
  });

  it.each([
    ['keep-alive', 'Connection: keep-alive'],
    ['Keep-Alive', 'Connection: keep-alive'],
    ['keep', 'Connection: keep-alive'],
    ['', 'Connection: keep-alive'],
    ['close', 'Connection: close'],
    ['keep-alive, Upgrade', 'Connection: close'],
  ])('to a client that asks for Connection "%s" says %s', async (wish, line) => {
    expect(await answer(answerOk, undefined, `Connection: ${wish}\r\n`)).toContain(`${line}\r\n`);
  });
});

describe('a body', () => {
  it('is chunked, a chunk for each write, none for an empty one', async () => {
    const received = await answer((exchange) => {
      exchange.write(Buffer.from('a'.repeat(26)));
      exchange.write(Buffer.alloc(0));
      exchange.end(Buffer.from('b'));
    });
    expect(received.split('\r\n\r\n').slice(1).join('\r\n\r\n')).toBe(`1a\r\n${'a'.repeat(26)}\r\n1\r\nb\r\n0\r\n\r\n`);
  });

  it('is sent bare with identity and a Content-Length', async () => {
    const received = await answer((exchange) => {
      exchange.writeHead(200, { ...IDENTITY, 'Content-Length': '2' });
      exchange.end(Buffer.from('ok'));
    });
    expect(received).toBe('HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok');
  });

  it('after a head with identity and no length has a Content-Length of 0', async () => {
    const received = await answer((exchange) => {
      exchange.writeHead(200, IDENTITY);
      exchange.end(Buffer.from('ok'));
    });
    expect(received).toBe('HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\nok');
  });

  it('for HTTP/1.0 goes out with the head, whose length is that of the first piece', async () => {
    const received = await answer((exchange) => {
      exchange.writeHead(200, {});
      exchange.write(Buffer.from('a'));
      exchange.end(Buffer.from('bc'));
    }, 'GET /res/ HTTP/1.0');
    expect(received).toBe('HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nabc');
  });

  it.each([204, 304])('with its terminator follows even status %d', async (status) => {
    const received = await answer((exchange) => {
      exchange.writeHead(status, {});
      exchange.end();
    });
    expect(received).toMatch(/Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n$/);
  });

  it('with its terminator follows even HEAD', async () => {
    const received = await answer(answerOk, 'HEAD /res/ HTTP/1.1');
    expect(received).toMatch(/\r\n\r\n2\r\nok\r\n0\r\n\r\n$/);
  });
});

describe('an end', () => {
  it('before any head sends nothing', async () => {
    expect(await answer((exchange) => exchange.end())).toBe('');
  });

  it('with empty data sends head and terminator', async () => {
    expect(await answer((exchange) => exchange.end(Buffer.alloc(0)))).toMatch(
      /^HTTP\/1\.1 200 OK[\s\S]*\r\n\r\n0\r\n\r\n$/,
    );
  });

  it('after the client went is no mistake', async () => {
    const server = await startTestServer();
    const next = server.nextExchange();
    const client = await server.client();
    await client.send('GET /res/ HTTP/1.1\r\n\r\n');
    const exchange = await next;
    client.destroy();
    await client.send('');
    answerOk(exchange);
    expect(server.fatal).toEqual([]);
  });
});

describe("a client of Node's own", () => {
  it('posts JSON and gets the answer', async () => {
    const server = await startTestServer((exchange) => {
      exchange.setDataHandler((body) => {
        exchange.writeHead(200, { 'content-type': 'application/json' });
        exchange.end(body);
      });
    });
    const outgoing = request({ port: server.http.port, path: '/res/', method: 'POST', agent: new Agent() });
    outgoing.end('{"a":"ü"}');
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    expect(JSON.parse((await incoming.setEncoding('utf8').toArray()).join(''))).toEqual({ a: 'ü' });
  });

  it('takes an empty answer with identity and a length of 0 on a connection that goes on', async () => {
    const server = await startTestServer((exchange) => {
      exchange.writeHead(204, { ...IDENTITY, 'Content-Length': '0' });
      exchange.end();
    });
    const client = await server.client();
    await client.send('DELETE /res/ HTTP/1.1\r\n\r\n');
    server.http.register('res', answerOk);
    await client.send('GET /res/ HTTP/1.1\r\n\r\n');
    const received = await client.until('ok\r\n0\r\n\r\n');
    expect(received).toMatch(/^HTTP\/1\.1 204 No Content[\s\S]*\r\n\r\nHTTP\/1\.1 200 OK/);
    expect(onlyChunk(received.slice(received.indexOf('200 OK')))).toBe('ok');
  });
});
