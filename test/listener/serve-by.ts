import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import Koa from 'koa';
import type { PushEventListener } from '../../src/listener/push-event-listener.ts';
import { openLocally } from '../local-server.ts';

/** The adapters by which a listener becomes part of a web server. */
export const ADAPTERS = ['callback', 'middleware', 'express', 'fetch'] as const;
export type Adapter = (typeof ADAPTERS)[number];

export interface Served {
  readonly port: number;
  /** Posts a body. @returns the answer's status and text */
  post(body: string, headers?: Record<string, string>, path?: string): Promise<[number, string]>;
  ask(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** Middleware in front of the listener, such as a body parser that sets properties on `target`. */
export type Before = (request: IncomingMessage, target: object) => Promise<void> | void;

/**
 * Starts a web server with the listener on a free port. Requests to other paths reach middleware behind the listener,
 * which answers 404 `behind`.
 */
export async function serveBy(
  adapter: Adapter,
  listener: PushEventListener,
  before: Before = () => {},
): Promise<Served> {
  const handle = REQUEST_LISTENERS[adapter](listener, before);
  const { port, url, close } = await openLocally(createServer(handle));
  const ask: Served['ask'] = (path, init) => fetch(url + path, init);
  return {
    port,
    close,
    ask,
    async post(body, headers = {}, path = '/sonorancad/event') {
      const answer = await ask(path, { method: 'POST', body, headers });
      return [answer.status, await answer.text()];
    },
  };
}

const REQUEST_LISTENERS: Readonly<Record<Adapter, (listener: PushEventListener, before: Before) => RequestListener>> = {
  callback: (listener) => listener.callback(),
  middleware(listener, before) {
    const app = new Koa();
    app.silent = true;
    app.use(async (context, next) => {
      await before(context.req, context.request);
      return next();
    });
    app.use(listener.middleware());
    app.use((context) => {
      context.status = 404;
      context.body = 'behind';
    });
    return app.callback();
  },
  express(listener, before) {
    const handle = listener.express();
    return async (request, response) => {
      await before(request, request);
      handle(request, response, (error) => {
        response.statusCode = error === undefined ? 404 : 500;
        response.end(error === undefined ? 'behind' : (error as Error).message);
      });
    };
  },
  fetch: (listener) => (request, response) => void answerByFetch(listener, request, response),
};

/** Converts Node's request to a Fetch API `Request`, and the `Response` back, as Fetch servers on Node do. */
async function answerByFetch(
  listener: PushEventListener,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD';
  const init: RequestInit = {
    method: incoming.method ?? 'GET',
    headers: Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as [string, string]),
    ...(hasBody && { body: Readable.toWeb(incoming), duplex: 'half' as const }),
  };
  const answer = await listener.fetch(new Request(`http://listener.example${incoming.url}`, init));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}
