import { createServer, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import Koa from 'koa';
import { createListener, listenerClock } from '../../src/listener/create-push-event-listener.ts';
import { openLocally } from '../local-server.ts';
import { until } from '../until.ts';

const KEY = 'a-key-of-sixteen-letters';
const BODY = JSON.stringify({ key: KEY, type: 'EVENT_UNIT_LOGOUT', data: { identId: 12 } });

function setUp() {
  const listener = createListener({ apiKey: KEY }, listenerClock, () => {});
  const handled: string[] = [];
  listener.on('*', ({ type }) => handled.push(type));
  return { listener, handled };
}

describe('push event listener in a web server', () => {
  let close: () => Promise<void> | void = () => {};
  afterEach(() => close());

  async function serve(handle: RequestListener): Promise<number> {
    const server = await openLocally(createServer(handle));
    close = server.close;
    return server.port;
  }

  const post = (port: number, path: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: BODY }).then(({ status }) => status);

  /** Creates a Koa app whose first middleware holds answers back until `letGo` is called. */
  function setUpHeldKoa() {
    const { listener, handled } = setUp();
    let letGo: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let isReached = false;
    const app = new Koa();
    app.use(async (_context, next) => {
      await next();
      isReached = true;
      await held;
    });
    app.use(listener.middleware());
    return { app, handled, letGo, isReached: () => isReached };
  }

  it('calls the handlers only after the answer if earlier Koa middleware delays it', async () => {
    const { app, handled, letGo, isReached } = setUpHeldKoa();
    const answered = post(await serve(app.callback()), '/sonorancad/event');
    await until(isReached);
    for (let pass = 0; pass < 3; pass += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(handled).toEqual([]);
    letGo();
    expect(await answered).toBe(200);
    await until(() => handled.length === 1);
  });

  it('calls the handlers if the client disconnects before Koa has answered', async () => {
    const { app, handled, letGo, isReached } = setUpHeldKoa();
    const socket = connect(await serve(app.callback()), '127.0.0.1');
    socket.write(`POST /sonorancad/event HTTP/1.1\r\nHost: a\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`);
    await until(isReached);
    socket.destroy();
    await until(() => handled.length === 1);
    letGo();
  });

  it('answers at its own path and below the mount path of an Express app, but not at other paths', async () => {
    const { listener, handled } = setUp();
    const handle = listener.express();
    const port = await serve((request, response) => {
      // Express removes the mount path from `url` in the same way.
      const [, mount = ''] = /^\/([^/]+)/.exec(request.url ?? '') ?? [];
      const cut = Object.assign(request, {
        originalUrl: request.url,
        url: request.url?.slice(mount.length + 1) || '/',
      });
      handle(cut, response, () => response.writeHead(404).end());
    });
    expect(await post(port, '/sonorancad/event?x=1')).toBe(200);
    expect(await post(port, '/cad/sonorancad/event')).toBe(200);
    expect(await post(port, '/cad/event')).toBe(404);
    await until(() => handled.length === 2);
  });

  it('passes a promise to `waitUntil` that resolves when the handlers of a Fetch request are done', async () => {
    const { listener } = setUp();
    let finish: () => void = () => {};
    const work = new Promise<void>((resolve) => {
      finish = resolve;
    });
    listener.on('*', () => work);
    const waited: Promise<unknown>[] = [];
    const request = new Request('http://worker.example/sonorancad/event', { method: 'POST', body: BODY });
    const answer = await listener.fetch(request, { waitUntil: (promise) => void waited.push(promise) });
    expect([answer.status, waited.length]).toEqual([200, 1]);
    const first = await Promise.race([
      waited[0]?.then(() => 'handlers'),
      new Promise((resolve) => setImmediate(resolve, 'loop')),
    ]);
    expect(first).toBe('loop');
    finish();
    await waited[0];
  });

  it('rejects a Fetch request whose body was read before', async () => {
    const { listener } = setUp();
    const request = new Request('http://worker.example/sonorancad/event', { method: 'POST', body: BODY });
    await request.text();
    await expect(listener.fetch(request)).rejects.toThrow('was read before the push event listener received');
  });
});
