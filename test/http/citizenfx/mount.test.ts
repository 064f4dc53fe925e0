import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import Router from '@koa/router';
import Koa, { type Context } from 'koa';
import { readBody } from '../../../src/lib/body.ts';
import { type FakeExchange, type FakeRequest, type FakeServer, serveWithFake } from './fake-citizenfx.ts';

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

function koa(route: (context: Context) => unknown): FakeServer & { errors: { message: string }[] } {
  const app = new Koa();
  const errors: { message: string }[] = [];
  app.on('error', (error: { message: string }) => errors.push(error));
  app.use(async (context) => {
    await route(context);
  });
  return { ...serveWithFake(app.callback()), errors };
}

async function answer(route: (context: Context) => unknown, request?: FakeRequest): Promise<FakeExchange> {
  const exchange = koa(route).request(request);
  await exchange.answered;
  expect(exchange.fatal).toEqual([]);
  return exchange;
}

const body = (request: IncomingMessage, deadlineMs = 4_000) =>
  readBody(request, 100, (expired) => {
    const timer = setTimeout(expired, deadlineMs);
    return () => clearTimeout(timer);
  });

describe('Koa on the game port', () => {
  it('answers a string with one writeHead and one send', async () => {
    const exchange = await answer((context) => {
      context.body = 'ok';
    });
    expect(exchange.calls.map((call) => call.name)).toEqual(['writeHead', 'send']);
    expect([exchange.status(), exchange.body().toString()]).toEqual([200, 'ok']);
    expect(exchange.header('content-type')).toBe('text/plain; charset=utf-8');
  });

  it.each([
    ['JSON', { a: 'ä' }, '{"a":"ä"}'],
    ['a Buffer', Buffer.from([0xff, 0]), Buffer.from([0xff, 0])],
    ['an empty string', '', ''],
  ])('answers %s', async (_name, given, expected) => {
    const exchange = await answer((context) => {
      context.body = given;
    });
    expect([exchange.status(), exchange.body()]).toEqual([200, Buffer.from(expected)]);
  });

  it.each([
    [204, null],
    [304, undefined],
  ])('answers %d without a body', async (status, given) => {
    const exchange = await answer((context) => {
      context.status = status;
      if (given === null) context.body = null;
    });
    expect([exchange.status(), exchange.body().length]).toEqual([status, 0]);
  });

  it('answers HEAD with the length of the body', async () => {
    const exchange = await answer(
      (context) => {
        context.body = { a: 1 };
      },
      { method: 'HEAD' },
    );
    expect([exchange.header('content-length'), exchange.body().length]).toEqual(['7', 0]);
  });

  it('answers what no route wants with 404 and says Not Found', async () => {
    const exchange = await answer(() => {});
    expect([exchange.status(), exchange.body().toString()]).toEqual([404, 'Not Found']);
  });

  it('answers a thrown error with its status', async () => {
    const exchange = await answer((context) => context.throw(418, 'short and stout'));
    expect([exchange.status(), exchange.body().toString()]).toEqual([418, 'short and stout']);
  });

  it('answers any other error with 500 and tells the application', async () => {
    const server = koa(() => {
      throw new Error('secret');
    });
    const exchange = server.request();
    await exchange.answered;
    expect([exchange.status(), exchange.body().toString()]).toEqual([500, 'Internal Server Error']);
    expect(server.errors).toMatchObject([{ message: 'secret' }]);
  });

  it('answers a hostile header value with 500, not with the header', async () => {
    const exchange = await answer((context) => {
      context.set('x-name', 'a\r\nset-cookie: b=c');
    });
    expect([exchange.status(), exchange.header('x-name')]).toEqual([500, undefined]);
  });

  it('sets two cookies on two lines', async () => {
    const exchange = await answer((context) => {
      context.cookies.set('a', '1');
      context.cookies.set('b', '2');
      context.body = 'ok';
    });
    expect(exchange.header('set-cookie')).toEqual(['a=1; path=/; httponly', 'b=2; path=/; httponly']);
  });

  it('streams', async () => {
    const exchange = await answer((context) => {
      context.body = Readable.from([Buffer.alloc(70_000, 'a'), Buffer.alloc(10, 'b')]);
    });
    expect(exchange.body().length).toBe(70_010);
    expect(exchange.header('content-length')).toBeUndefined();
  });

  it('ends an answer whose stream fails midway, and tells the application', async () => {
    const source = new PassThrough();
    const server = koa((context) => {
      context.body = source;
    });
    const exchange = server.request();
    source.write('half');
    await turn();
    source.destroy(new Error('disk'));
    await exchange.answered;
    await turn();
    expect([exchange.body().toString(), exchange.fatal]).toEqual(['half', []]);
    expect(server.errors).toMatchObject([{ message: 'disk' }]);
  });

  it('stops the stream of a client that went away', async () => {
    const source = new PassThrough();
    const server = koa((context) => {
      context.body = source;
    });
    const exchange = server.request();
    source.write('half');
    await exchange.watched();
    exchange.cancel();
    await turn();
    expect([source.destroyed, exchange.fatal]).toEqual([true, []]);
  });

  it('knows the peer, and that this is no TLS', async () => {
    const seen: unknown[] = [];
    const exchange = koa((context) => seen.push(context.ip, context.secure, context.protocol, context.get('x-a')));
    await exchange.request({ address: '[2001:db8::5]:9', headers: { 'X-A': '1' } }).answered;
    expect(seen).toEqual(['2001:db8::5', false, 'http', '1']);
  });

  it('routes by method and path', async () => {
    const app = new Koa();
    const router = new Router();
    router.post('/event', (context) => {
      context.body = 'posted';
    });
    app.use(router.routes()).use(router.allowedMethods());
    const server = serveWithFake(app.callback());
    const post = server.request({ method: 'POST', path: '/event?x=1' });
    const remove = server.request({ method: 'DELETE', path: '/event' });
    await Promise.all([post.answered, remove.answered]);
    expect([post.body().toString(), remove.status(), remove.header('allow')]).toEqual(['posted', 405, 'POST']);
  });
});

describe('a body on the game port', () => {
  const headers = { 'Content-Length': '10' };
  const echo = () =>
    koa(async (context) => {
      const outcome = await body(context.req, 20);
      context.body = outcome.status === 'whole' ? outcome.body.toString() : outcome.status;
    });

  it('reaches the route whole', async () => {
    const exchange = echo().request({ method: 'POST', headers });
    exchange.deliver('{"a":"ä"}');
    await exchange.answered;
    expect(exchange.body().toString()).toBe('{"a":"ä"}');
  });

  it('is not waited for when there is none', async () => {
    const exchange = echo().request({ method: 'POST' });
    expect(exchange.watchesData).toBe(false);
    await exchange.answered;
    expect(exchange.body().toString()).toBe('');
  });

  it('is late when it does not come, and then comes to nothing', async () => {
    const exchange = echo().request({ method: 'POST', headers });
    await exchange.answered;
    expect(exchange.body().toString()).toBe('late');
    exchange.deliver('0123456789');
    await turn();
    expect(exchange.fatal).toEqual([]);
  });

  it('is lost when FXServer dropped it', async () => {
    const exchange = echo().request({ method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } });
    exchange.deliver('');
    await exchange.answered;
    expect(exchange.body().toString()).toBe('lost');
  });

  it('is aborted when the client goes away meanwhile', async () => {
    const outcomes: string[] = [];
    const server = koa(async (context) => {
      outcomes.push((await body(context.req)).status);
    });
    const exchange = server.request({ method: 'POST', headers });
    await exchange.watched();
    exchange.cancel();
    await turn();
    expect([outcomes, exchange.calls]).toEqual([['aborted'], []]);
  });
});
