import { afterEach, describe, expect, it } from '@jest/globals';
import { createHttpServer } from '../../src/http/http-server.ts';
import type { HttpExchange } from '../../src/types.ts';
import { answerOk, startTestServer, stopTestServers } from './test-server.ts';

afterEach(stopTestServers);

const GET = 'GET /res/ HTTP/1.1\r\n\r\n';
const END = '0\r\n\r\n';

const connectionLines = (received: string) => received.match(/Connection: \S+/g);

describe('a kept connection', () => {
  it('is closed with the sixth answer', async () => {
    const server = await startTestServer();
    const client = await server.client();
    for (let count = 1; count <= 6; count++) {
      const before = client.received.length;
      await client.send(GET);
      await client.until(END, before);
    }
    expect(connectionLines(await client.closed())).toEqual([
      ...Array.from({ length: 5 }, () => 'Connection: keep-alive'),
      'Connection: close',
    ]);
  });

  it('is closed sooner when heads come in pieces', async () => {
    const server = await startTestServer();
    const client = await server.client();
    await client.send(GET);
    for (const byte of 'GET /res') await client.send(byte);
    await client.send('/ HTTP/1.1\r\n\r\n');
    expect(connectionLines(await client.closed())).toEqual(['Connection: keep-alive', 'Connection: close']);
  });

  it('answers requests that were sent together one after another', async () => {
    const exchanges: HttpExchange[] = [];
    const server = await startTestServer((exchange) => exchanges.push(exchange));
    const client = await server.client();
    await client.send(GET + GET);
    expect(exchanges).toHaveLength(1);
    for (const exchange of exchanges) answerOk(exchange);
    await client.send('');
    expect(exchanges).toHaveLength(2);
  });

  it('lets a body that was sent before its turn wait for more bytes', async () => {
    const bodies: string[] = [];
    const exchanges: HttpExchange[] = [];
    const server = await startTestServer((exchange) => {
      exchanges.push(exchange);
      exchange.setDataHandler((body) => bodies.push(body.toString()));
    });
    const client = await server.client();
    await client.send(`${GET}POST /res/ HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi`);
    for (const exchange of exchanges) answerOk(exchange);
    await client.send('');
    expect({ requests: exchanges.length, bodies }).toEqual({ requests: 2, bodies: [] });
    await client.send(GET);
    expect(bodies).toEqual(['hi']);
  });
});

describe('silence', () => {
  it('closes a connection that never asked', async () => {
    const server = await startTestServer();
    server.convars.set('sv_tcpConnectionTimeoutSeconds', '0.05');
    const client = await server.client();
    expect(await client.closed()).toBe('');
  });

  it('closes a connection after its answer', async () => {
    const server = await startTestServer((exchange) => {
      server.convars.set('sv_tcpConnectionTimeoutSeconds', '0.05');
      answerOk(exchange);
    });
    const client = await server.client();
    await client.send(GET);
    expect(await client.closed()).toContain('Connection: keep-alive');
  });

  it('of a handler is borne longer, when the whole request came at once', async () => {
    const server = await startTestServer();
    const next = server.nextExchange();
    const client = await server.client();
    await client.send('');
    server.convars.set('sv_tcpConnectionTimeoutSeconds', '0.02');
    await client.send('POST /res/ HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi');
    const exchange = await next;
    for (let turn = 0; turn < 5; turn++) await client.send('');
    answerOk(exchange);
    expect(await client.until('ok')).toContain('200 OK');
  });

  it('of a handler closes the connection soon, when the body came after the head, and cancels', async () => {
    const server = await startTestServer();
    const cancelled = new Promise<string>((resolve) => {
      server.http.register('res', (exchange) => {
        server.convars.set('sv_tcpConnectionTimeoutSeconds', '0.05');
        exchange.setCancelHandler(() => resolve('cancelled'));
      });
    });
    const client = await server.client();
    await client.send('POST /res/ HTTP/1.1\r\nContent-Length: 2\r\n\r\n');
    await client.send('hi');
    expect([await cancelled, await client.closed()]).toEqual(['cancelled', '']);
  });

  it('of a handler closes the connection in the end', async () => {
    const server = await startTestServer(() => {});
    server.convars.set('sv_httpHandlerConnectionTimeoutSeconds', '0.05');
    const client = await server.client();
    await client.send(GET);
    expect(await client.closed()).toBe('');
  });
});

describe('closing the server', () => {
  it('drops a connection whose last answer was not read', async () => {
    const server = await startTestServer((exchange) => {
      exchange.writeHead(200, {});
      exchange.end(Buffer.alloc(32 * 1024 * 1024));
    });
    const client = await server.client();
    client.pause();
    await client.send('GET /res/ HTTP/1.1\r\nConnection: close\r\n\r\n');
    await expect(server.http.close()).resolves.toBeUndefined();
  });

  it('rejects the start when the port is taken', async () => {
    const server = await startTestServer();
    const second = createHttpServer({
      port: server.http.port,
      convar: (_name, fallback) => fallback,
      fatal: (message) => {
        throw new Error(message);
      },
    });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
