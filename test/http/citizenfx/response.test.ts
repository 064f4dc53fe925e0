import { describe, expect, it } from '@jest/globals';
import { open } from './open-response.ts';

describe('an answer on the game port', () => {
  it('is one writeHead and one send, with its length, when it is short', () => {
    const { response, exchange } = open();
    response.statusCode = 201;
    response.setHeader('X-Number', 5);
    response.setHeader('Set-Cookie', ['a=1', 'b=2']);
    response.end('grüß 😀');
    expect(exchange.calls).toEqual([
      {
        name: 'writeHead',
        status: 201,
        headers: {
          'x-number': '5',
          'set-cookie': ['a=1', 'b=2'],
          'transfer-encoding': 'identity',
          'content-length': '11',
        },
      },
      { name: 'send', data: Buffer.from('grüß 😀') },
    ]);
    expect(exchange.fatal).toEqual([]);
  });

  it('keeps headers given to setHeader and to writeHead, as object or list', () => {
    const first = open();
    first.response.setHeader('x-a', '1');
    first.response.writeHead(202, { 'X-B': 2 }).end('ok');
    expect(first.exchange.calls[0]).toMatchObject({
      status: 202,
      headers: { 'x-a': '1', 'x-b': '2', 'content-length': '2' },
    });
    const second = open();
    second.response.setHeader('X-C', 'replaced');
    second.response.writeHead(200, 'Fine', ['x-c', '3', 'x-c', '4']).end();
    expect(second.exchange.calls[0]).toMatchObject({ headers: { 'x-c': ['3', '4'], 'content-length': '0' } });
    expect(second.response.statusMessage).toBe('Fine');
  });

  it('takes Buffers out of their pool, and any length and encoding of string', () => {
    const { response, exchange } = open();
    response.write(Buffer.from('buffer '));
    response.write(new Uint8Array(new SharedArrayBuffer(1)));
    response.write('6869', 'hex');
    response.write('\ud83d');
    response.end('x'.repeat(5_000));
    expect(exchange.fatal).toEqual([]);
    expect(exchange.body().toString()).toBe(`buffer \0hi\ufffd${'x'.repeat(5_000)}`);
    expect(exchange.header('transfer-encoding')).toBeUndefined();
  });

  it.each([204, 304])('has no body and keeps its connection usable with %d', (status) => {
    const { response, exchange } = open();
    response.writeHead(status);
    response.end('ignored');
    expect(exchange.fatal).toEqual([]);
    expect(exchange.body().length).toBe(0);
  });

  it('to HEAD has the length the body would have', () => {
    const { response, exchange } = open({ method: 'HEAD' });
    response.setHeader('content-length', 12);
    response.write('not sent');
    response.end();
    expect(exchange.fatal).toEqual([]);
    expect([exchange.header('content-length'), exchange.body().length]).toEqual(['12', 0]);
  });

  it('leaves Connection and Transfer-Encoding to FXServer', () => {
    const { response, exchange } = open();
    response.writeHead(200, { connection: 'close', 'transfer-encoding': 'chunked', 'keep-alive': '1' });
    response.write('a');
    response.end();
    expect(exchange.calls[0]).toMatchObject({ headers: {} });
    expect(Object.keys((exchange.calls[0] as { headers: object }).headers)).toEqual([]);
  });

  it('never sends more than the length it declared, and says so', () => {
    const { response, exchange, server } = open();
    response.setHeader('content-length', 5);
    response.write('abc');
    response.write('defg');
    response.end();
    expect(exchange.fatal).toEqual([]);
    expect(exchange.body().toString()).toBe('abcde');
    expect(server.reported).toMatchObject([{ code: 'ERR_HTTP_CONTENT_LENGTH_MISMATCH' }]);
  });

  it('refuses CR and LF in headers before FXServer sees them', () => {
    const { response, exchange } = open();
    const code = 'ERR_INVALID_CHAR';
    for (const attempt of [
      () => response.setHeader('x', 'a\r\nset-cookie: b'),
      () => response.setHeader('x', ['a', 'b\nc']),
      () => response.writeHead(200, { x: 'a\r\nb' }),
      () => response.writeHead(200, 'OK\r\nx: y'),
    ]) {
      expect(attempt).toThrow(expect.objectContaining({ code }));
    }
    expect(() => response.setHeader('x\r\n', 'a')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_HTTP_TOKEN' }));
    expect(() => response.writeHead(99)).toThrow(expect.objectContaining({ code: 'ERR_HTTP_INVALID_STATUS_CODE' }));
    expect(exchange.calls).toEqual([]);
    response.statusMessage = '';
    response.end('fine');
    expect(exchange.status()).toBe(200);
  });

  it('refuses bodies of other types as Node does', () => {
    const { response, exchange } = open();
    for (const attempt of [() => response.end(404), () => response.write({}), () => response.write(null)]) {
      expect(attempt).toThrow(/argument must be of type string|May not write null/);
    }
    expect(exchange.calls).toEqual([]);
  });

  it('flushes its head when told', () => {
    const { response, exchange } = open();
    response.setHeader('x-a', '1');
    response.flushHeaders();
    response.flushHeaders();
    expect(exchange.calls).toEqual([{ name: 'writeHead', status: 200, headers: { 'x-a': '1' } }]);
    expect(() => response.setHeader('x-b', '1')).toThrow(expect.objectContaining({ code: 'ERR_HTTP_HEADERS_SENT' }));
  });
});
