import { pipeline, Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { open } from './open-response.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

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
