import { createHttpServer, type HttpHandler, type HttpServer } from '../../src/http/http-server.ts';
import type { HttpExchange } from '../../src/types.ts';
import { openRawClient, type RawClient } from './raw-client.ts';

export interface TestServer {
  readonly http: HttpServer;
  /** Set while it runs. */
  readonly convars: Map<string, string>;
  /** What the server would have died of. */
  readonly fatal: string[];
  client(): Promise<RawClient>;
  /** Sends one request on a connection of its own and gives all that comes back until the server closes. */
  ask(target: string, headers?: string): Promise<string>;
  /** Makes this the handler of resource `res`, and waits for the next exchange that reaches it. */
  nextExchange(): Promise<HttpExchange>;
}

const running: Array<() => Promise<void>> = [];

/** A server with a resource `res` whose handler answers 200 `ok` unless told otherwise. */
export async function startTestServer(handler: HttpHandler | null = answerOk): Promise<TestServer> {
  const convars = new Map<string, string>();
  const fatal: string[] = [];
  const http = await createHttpServer({
    port: 0,
    trustPeerHeader: true,
    convar: (name, fallback) => convars.get(name) ?? fallback,
    fatal(message) {
      fatal.push(message);
      throw new Error(message);
    },
    serverInfo: () => ({ sv_projectName: 'Blåbær' }),
  });
  http.register('res', handler);
  const clients: RawClient[] = [];
  const client = async () => {
    const opened = await openRawClient(http.port);
    clients.push(opened);
    return opened;
  };
  running.push(async () => {
    for (const opened of clients) opened.destroy();
    await http.close();
  });

  return {
    http,
    convars,
    fatal,
    client,
    async ask(target, headers = '') {
      const opened = await client();
      await opened.send(`GET ${target} HTTP/1.1\r\nConnection: close\r\n${headers}\r\n`);
      return opened.closed();
    },
    nextExchange: () =>
      new Promise((resolve) => {
        http.register('res', resolve);
      }),
  };
}

/** For `afterEach`. */
export async function stopTestServers(): Promise<void> {
  for (const stop of running.splice(0)) await stop();
}

export function answerOk(exchange: HttpExchange): void {
  exchange.writeHead(200, {});
  exchange.end(Buffer.from('ok'));
}

/** Answers 200 with what the handler was given as the path. */
export function answerPath(exchange: HttpExchange): void {
  exchange.writeHead(200, {});
  exchange.end(Buffer.from(exchange.path));
}

/** The body of a chunked answer of one piece. */
export function onlyChunk(response: string): string {
  return /\r\n\r\n[0-9a-f]+\r\n([\s\S]*?)\r\n0\r\n\r\n/.exec(response)?.[1] ?? `no single chunk: ${response}`;
}
