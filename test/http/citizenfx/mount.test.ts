import { describe, expect, it } from '@jest/globals';
import { serveWithFake } from './fake-citizenfx.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the native handler', () => {
  it('returns nothing', () => {
    const promising = serveWithFake(async () => {});
    expect(promising.request().returned).toBeUndefined();
  });

  it('answers 500 when the handler throws or rejects, and reports it', async () => {
    const throwing = serveWithFake(() => {
      throw new Error('sync');
    });
    const rejecting = serveWithFake(async () => {
      throw new Error('async');
    });
    const exchanges = [throwing.request(), rejecting.request()];
    await turn();
    expect(exchanges.map((exchange) => exchange.status())).toEqual([500, 500]);
    expect([throwing.reported, rejecting.reported]).toMatchObject([[{ message: 'sync' }], [{ message: 'async' }]]);
  });

  it('watches for a client that goes away once the answer takes its time', async () => {
    const server = serveWithFake((request, response) => {
      if (request.url === '/fast') response.end('ok');
    });
    const fast = server.request({ path: '/fast' });
    const slow = server.request({ path: '/slow' });
    expect(slow.watchesCancel).toBe(false);
    await slow.watched();
    expect(fast.watchesCancel).toBe(false);
  });

  it('closes the request when it is answered', async () => {
    const seen: unknown[] = [];
    const server = serveWithFake((request, response) => {
      request.on('close', () => seen.push(['close', request.aborted]));
      response.end('ok');
    });
    server.request({ method: 'POST', headers: { 'content-length': '2' } });
    await turn();
    expect(seen).toEqual([['close', false]]);
  });

  it('reports what a listener throws when the client goes away', async () => {
    const server = serveWithFake((_request, response) => {
      response.on('close', () => {
        throw new Error('listener');
      });
    });
    const exchange = server.request();
    await exchange.watched();
    exchange.cancel();
    expect(server.reported).toMatchObject([{ message: 'listener' }]);
  });

  it('answers everything open with 503 when it stops, at once, and everything after', async () => {
    const seen: string[] = [];
    const server = serveWithFake((request, response) => {
      if (request.url === '/head') response.write('half');
      for (const name of ['finish', 'close']) response.on(name, () => seen.push(`${request.url} ${name}`));
    });
    const before = [
      server.request({ path: '/a' }),
      server.request({ path: '/head' }),
      server.request({ method: 'HEAD', path: '/b' }),
    ];
    server.stop();
    const after = [server.request({ path: '/c' }), server.request({ method: 'HEAD', path: '/d' })];
    expect([...before, ...after].map((exchange) => exchange.status())).toEqual([503, 200, 503, 503, 503]);
    expect([...before, ...after].map((exchange) => exchange.calls.at(-1)?.name)).toEqual(Array(5).fill('send'));
    expect(before[0]?.header('content-type')).toBe('text/plain; charset=utf-8');
    expect([...before, ...after].flatMap((exchange) => exchange.fatal)).toEqual([]);
    await turn();
    expect(seen).toEqual(['/a close', '/head close', '/b close']);
  });

  it('lets Koa’s own listeners learn of every end', async () => {
    const ends: unknown[] = [];
    const { default: onFinished } = await import('on-finished' as string);
    const server = serveWithFake((request, response) => {
      onFinished(response, (error: unknown) => ends.push([request.url, error ?? null]));
      if (request.url === '/answered') response.end('ok');
      if (request.url === '/destroyed') response.destroy();
    });
    server.request({ path: '/answered' });
    server.request({ path: '/destroyed' });
    const gone = server.request({ path: '/gone' });
    await gone.watched();
    gone.cancel();
    expect(ends).toEqual([
      ['/answered', null],
      ['/destroyed', null],
      ['/gone', null],
    ]);
  });
});
