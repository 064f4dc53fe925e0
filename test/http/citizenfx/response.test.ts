import type { ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { toArrayBuffer, toCfxHeaders } from '../../../src/http/citizenfx/wire.ts';
import { type FakeExchange, type FakeRequest, type FakeServer, serveWithFake } from './fake-citizenfx.ts';

/** A response before anything was done to it, the exchange behind it, and the events it emitted. */
function open(request?: FakeRequest): {
  response: ServerResponse;
  exchange: FakeExchange;
  events: string[];
  server: FakeServer;
} {
  let response: ServerResponse | undefined;
  const server = serveWithFake((_request, given) => {
    response = given;
  });
  const exchange = server.request(request);
  if (!response) throw new Error('the handler was not called');
  const events: string[] = [];
  for (const name of ['finish', 'close', 'error']) response.on(name, () => events.push(name));
  return { response, exchange, events, server };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

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

describe('the life of an answer', () => {
  it('shows in its properties what happened so far', async () => {
    const { response } = open();
    const state = () => [
      response.headersSent,
      response.writableEnded,
      response.finished,
      response.writableFinished,
      response.closed,
    ];
    expect(state()).toEqual([false, false, false, false, false]);
    response.write('a');
    expect(state()).toEqual([true, false, false, false, false]);
    response.end();
    expect(state().slice(0, 3)).toEqual([true, true, true]);
    await turn();
    expect(state()).toEqual([true, true, true, true, true]);
  });

  it('says finish, then close, each once, after its callbacks', async () => {
    const { response, events } = open();
    response.write('a', () => events.push('written'));
    response.end('b', 'utf8', () => events.push('ended'));
    expect(events).toEqual([]);
    await turn();
    response.end();
    response.destroy();
    await turn();
    expect(events).toEqual(['written', 'finish', 'ended', 'close']);
  });

  it('takes callbacks in every place Node does', async () => {
    const seen: string[] = [];
    const first = open().response;
    first.write('a', 'utf8', () => seen.push('write'));
    first.end(() => seen.push('end'));
    first.end(() => seen.push('end again'));
    open().response.end('a', () => seen.push('end with body'));
    await turn();
    expect(seen.sort()).toEqual(['end', 'end again', 'end with body', 'write']);
    first.end((error?: { code?: string }) => seen.push(String(error?.code)));
    await turn();
    expect(seen).toContain('ERR_STREAM_ALREADY_FINISHED');
  });

  it('writing after the end is an error for the callback and the listener, and sends nothing', async () => {
    const { response, exchange, events } = open();
    response.end('a');
    const codes: unknown[] = [];
    expect(response.write('b', (error) => codes.push((error as { code?: string } | null | undefined)?.code))).toBe(
      false,
    );
    response.end('c');
    await turn();
    expect(codes).toEqual(['ERR_STREAM_WRITE_AFTER_END']);
    expect(events.filter((name) => name === 'error').length).toBeGreaterThan(0);
    expect(exchange.body().toString()).toBe('a');
    expect(exchange.fatal).toEqual([]);
  });

  it('writing after the end is reported when nobody listens', async () => {
    const { response, server } = open();
    response.removeAllListeners('error');
    response.end('a');
    response.write('b');
    await turn();
    response.write('c');
    await turn();
    expect(server.reported).toMatchObject([
      { code: 'ERR_STREAM_WRITE_AFTER_END' },
      { code: 'ERR_STREAM_WRITE_AFTER_END' },
    ]);
  });

  it('carries a stream, however it is piped', async () => {
    const piped = open();
    Readable.from(['one ', 'two']).pipe(piped.response);
    await piped.exchange.answered;
    expect(piped.exchange.body().toString()).toBe('one two');
    const { response, exchange } = open();
    const error = await new Promise((resolve) => pipeline(Readable.from([Buffer.from('three')]), response, resolve));
    expect([error ?? null, exchange.body().toString()]).toEqual([null, 'three']);
  });

  it('destroyed before its head is a 500', async () => {
    const { response, exchange, events } = open();
    response.setHeader('content-type', 'application/json');
    response.destroy(new Error('no'));
    expect([exchange.status(), exchange.header('content-type'), exchange.body().toString()]).toEqual([
      500,
      'text/plain; charset=utf-8',
      'Internal Server Error',
    ]);
    expect(response.destroyed).toBe(true);
    const codes: unknown[] = [];
    response.end('late', (error?: unknown) => codes.push((error as { code?: string })?.code));
    await turn();
    expect(codes).toEqual(['ERR_STREAM_DESTROYED']);
    expect(events).toEqual(['close']);
    expect(exchange.fatal).toEqual([]);
  });

  it('destroyed when only writeHead was called is a 500 too', () => {
    const { response, exchange } = open();
    response.writeHead(200);
    response.destroy();
    expect([exchange.status(), exchange.fatal]).toEqual([500, []]);
  });

  it('destroyed after its head ends where it is', async () => {
    const { response, exchange, events } = open();
    response.write('half');
    response.destroy();
    await turn();
    expect(exchange.calls.map((call) => call.name)).toEqual(['writeHead', 'write', 'send']);
    expect([exchange.body().toString(), events, exchange.fatal]).toEqual(['half', ['close'], []]);
  });

  it('says close without finish when the client goes away, and sends nothing after', async () => {
    const { response, exchange, events } = open();
    await exchange.watched();
    response.write('a');
    exchange.cancel();
    response.write('b');
    response.end('c');
    await turn();
    expect([events, exchange.body().toString(), exchange.fatal]).toEqual([['close'], 'a', []]);
    expect([response.destroyed, response.closed, response.writableFinished]).toEqual([true, true, false]);
  });

  it('says finish and close when the client goes away just as it is given', async () => {
    const { response, exchange, events } = open();
    await exchange.watched();
    const cancel = exchange.queueCancel();
    response.end('a');
    cancel();
    await turn();
    expect(events).toEqual(['finish', 'close']);
    expect(response.req.aborted).toBe(false);
  });

  it('sends no interim answers', () => {
    const { response, exchange } = open();
    response.writeContinue();
    response.writeProcessing();
    response.writeEarlyHints({ link: '</a>; rel=preload' });
    expect(exchange.calls).toEqual([]);
  });
});

describe('what FXServer is given', () => {
  it.each([
    ['a string', 'grüß', undefined],
    ['a lone surrogate', 'a\ud800b', undefined],
    ['a string in another encoding', '6869', 'hex' as const],
    ['a Buffer', Buffer.from('pool'), undefined],
    ['bytes shared between threads', new Uint8Array(new SharedArrayBuffer(3)), undefined],
  ])('of a body that is %s is an ArrayBuffer of its exact bytes', (_name, chunk, encoding) => {
    const data = toArrayBuffer(chunk, encoding);
    expect(Object.prototype.toString.call(data)).toBe('[object ArrayBuffer]');
    expect(Buffer.from(data)).toEqual(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk));
  });

  it('of headers are strings and lists of strings', () => {
    expect(toCfxHeaders({ a: 1, b: 'x', c: ['y', 'z'], d: [] }, undefined)).toEqual({ a: '1', b: 'x', c: ['y', 'z'] });
  });

  it('has no chunks when the length is known', () => {
    expect(toCfxHeaders({ 'content-length': '9' }, 0)).toEqual({
      'transfer-encoding': 'identity',
      'content-length': '0',
    });
  });
});
