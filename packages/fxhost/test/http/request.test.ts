import { afterEach, describe, expect, it } from '@jest/globals';
import { parseRequestHead } from '../../src/http/request-head.ts';
import { answerOk, startTestServer, stopTestServers } from './test-server.ts';

afterEach(stopTestServers);

const headers = (count: number) => Array.from({ length: count }, (_, i) => `X-${i}: a\r\n`).join('');

describe('what a handler is given', () => {
  it('has header names as sent, the first of equal names, ordered bytewise', async () => {
    const server = await startTestServer();
    const next = server.nextExchange();
    const client = await server.client();
    await client.send('GET /res/ HTTP/1.1\r\nx-b: 5\r\nX-A: 1\r\nx-a: 2\r\nX-A: 3\r\nhost:  h \r\n\r\n');
    const { headers } = await next;
    expect(Object.entries(headers)).toEqual([
      ['X-A', '1'],
      ['host', 'h'],
      ['x-a', '2'],
      ['x-b', '5'],
    ]);
  });

  it('has header values read as UTF-8', async () => {
    const server = await startTestServer();
    const next = server.nextExchange();
    const client = await server.client();
    await client.send(Buffer.from('GET /res/ HTTP/1.1\r\nX-City: Zürich\r\n\r\n'));
    expect((await next).headers).toEqual({ 'X-City': 'Zürich' });
  });

  it('has the method as sent', async () => {
    const server = await startTestServer();
    const next = server.nextExchange();
    const client = await server.client();
    await client.send('M-SEARCH /res/ HTTP/1.1\r\n\r\n');
    expect((await next).method).toBe('M-SEARCH');
  });

  it('has the address of the TCP peer', async () => {
    const server = await startTestServer();
    const next = server.nextExchange();
    const client = await server.client();
    await client.send('GET /res/ HTTP/1.1\r\n\r\n');
    expect((await next).address).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it.each(['198.51.100.7:5555', '[2001:db8::7]:5555'])('has the peer %s when a test says so', async (peer) => {
    const server = await startTestServer();
    const next = server.nextExchange();
    const client = await server.client();
    await client.send(`GET /res/ HTTP/1.1\r\nX-Fxhost-Peer: ${peer}\r\n\r\n`);
    const { address, headers } = await next;
    expect({ address, headers }).toEqual({ address: peer, headers: {} });
  });
});

describe('a request head', () => {
  it('may come in many segments', async () => {
    const server = await startTestServer(answerOk);
    const client = await server.client();
    for (const part of ['GE', 'T /res/ HT', 'TP/1.1\r', '\nX-A', ': 1\r\n\r', '\n']) await client.send(part);
    expect(await client.until('ok')).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it('may have 50 headers', async () => {
    const server = await startTestServer();
    const next = server.nextExchange();
    const client = await server.client();
    await client.send(`GET /res/ HTTP/1.1\r\n${headers(50)}\r\n`);
    expect(Object.keys((await next).headers)).toHaveLength(50);
  });

  it.each([
    ['with 51 headers', `GET /res/ HTTP/1.1\r\n${headers(51)}\r\n`],
    ['with a space in a header name', 'GET /res/ HTTP/1.1\r\nX A: 1\r\n\r\n'],
    ['with a control character in a value', 'GET /res/ HTTP/1.1\r\nX: a\x01\r\n\r\n'],
    ['of HTTP/2', 'GET /res/ HTTP/2.0\r\n\r\n'],
    ['that does not begin with a capital', 'get /res/ HTTP/1.1\r\n\r\n'],
    ['with a method of 65 characters', `${'A'.repeat(65)} /res/ HTTP/1.1\r\n\r\n`],
    ['whose first line does not end within 4096 bytes', `GET /res/${'a'.repeat(4096)} HTTP/1.1\r\n\r\n`],
  ])('%s closes the connection without an answer', async (_what, head) => {
    const server = await startTestServer();
    const client = await server.client();
    await client.send(head);
    expect(await client.closed()).toBe('');
  });

  it('of 4 KB less the version is still read', async () => {
    const server = await startTestServer(answerOk);
    const client = await server.client();
    await client.send(`GET /res/${'a'.repeat(4000)} HTTP/1.1\r\n\r\n`);
    expect(await client.until('ok')).toContain('200 OK');
  });

  it('a head may begin with an empty line, end its lines in LF, and leaves what follows it', () => {
    expect(parseRequestHead(Buffer.from('\r\nGET  /a HTTP/1.0\nB: \t c \n\nrest'), 0)).toEqual({
      kind: 'complete',
      head: { method: 'GET', target: '/a', minorVersion: 0, headers: [['B', 'c']] },
      length: 28,
    });
  });

  it('a folded line is a header without a name', () => {
    const parsed = parseRequestHead(Buffer.from('GET / HTTP/1.1\r\nA: 1\r\n 2: 3\r\n\r\n'), 0);
    expect(parsed).toMatchObject({
      head: {
        headers: [
          ['A', '1'],
          ['', '2: 3'],
        ],
      },
    });
  });
});

describe('a head with a mistake', () => {
  const unfinished = Buffer.from('GET / HTTP/1.1\r\nX A: 1\r\n');

  it('is malformed at once in its first bytes', () => {
    expect(parseRequestHead(unfinished, 0).kind).toBe('malformed');
  });

  it('is malformed only at its end when it comes in pieces', () => {
    const kinds = [unfinished, Buffer.concat([unfinished, Buffer.from('\r\n')])].map(
      (bytes) => parseRequestHead(bytes, 5).kind,
    );
    expect(kinds).toEqual(['incomplete', 'malformed']);
  });

  it.each(['{"a":1}', 'GE(T / ', ' GET / HTTP/1.1\r\n', 'GET  \r\n'])('%j is malformed', (text) => {
    expect(parseRequestHead(Buffer.from(text), 0).kind).toBe('malformed');
  });
});
