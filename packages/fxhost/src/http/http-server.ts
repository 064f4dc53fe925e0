/**
 * The HTTP side of FXServer's game port, on a real TCP port and with its own HTTP/1 parser, so that what FXServer gets
 * wrong is wrong here in the same way. Not offered: TLS and HTTP/2 on the same port.
 */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers';
import type { HttpExchange } from '../types.ts';
import { serveConnection, type Transaction } from './connection.ts';
import { createConnectionLimit, createRateLimiter } from './limits.ts';
import {
  createIpRanges,
  DEFAULT_PROXY_RANGES,
  formatPeerAddress,
  isLoopback,
  type PeerAddress,
  takePeerHeader,
} from './peer-address.ts';
import { latin1AsUtf8, scriptHeaders } from './request-head.ts';
import { type BuiltIn, builtInRoutes, createRouter } from './router.ts';

export type HttpHandler = (exchange: HttpExchange) => void;

interface HttpServerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** 127.0.0.1 unless given. */
  readonly host?: string;
  /** Read at each use, so that a convar counts from the moment it is set. */
  convar(name: string, fallback: string): string;
  /** Ends the run where FXServer would have crashed or sent garbage. */
  fatal(message: string): never;
  /** The request header `x-fxhost-peer: 198.51.100.7:5555` stands for the peer address; scripts do not see it. */
  readonly trustPeerHeader?: boolean;
  /** Runs a callback where scripts run, after the current one. `setImmediate` unless given. */
  onMainThread?(callback: () => void): void;
  /** The `vars` of /info.json. */
  serverInfo?(): Record<string, string>;
}

export type HttpServer = Awaited<ReturnType<typeof createHttpServer>>;

interface ResourceRoute {
  readonly resource: string;
  handler: HttpHandler | null;
}

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8' };

/** Listens on a port. Rejects with Node's error when the port is taken. */
export async function createHttpServer(options: HttpServerOptions) {
  const resources = new Map<string, ResourceRoute>();
  const router = createRouter<ResourceRoute | BuiltIn>();
  const limiter = createRateLimiter(() => performance.now());
  const isInRanges = createIpRanges();
  const isProxy = (ip: string) => isInRanges(ip, options.convar('sv_proxyIPRanges', DEFAULT_PROXY_RANGES));
  const setting = (name: string, fallback: number) => {
    const value = Number.parseFloat(options.convar(name, String(fallback)));
    return Number.isNaN(value) ? fallback : value;
  };
  const connectionLimit = createConnectionLimit(
    () => setting('net_tcpConnLimit', 16),
    (ip) => isLoopback(ip) || isProxy(ip),
  );
  const timeouts = {
    idle: () => setting('sv_tcpConnectionTimeoutSeconds', 5) * 1000,
    handler: () => setting('sv_httpHandlerConnectionTimeoutSeconds', 300) * 1000,
  };

  let closed = false;
  const schedule = options.onMainThread ?? setImmediate;
  const onMainThread = (callback: () => void) => {
    schedule(() => {
      if (!closed) callback();
    });
  };

  const mayPass = (resource: string, ip: string): boolean => {
    if (isProxy(ip)) return true;
    const name = `http_${resource}`;
    const limit = (part: string, fallback: number) => setting(`rateLimiter_${name}_${part}`, fallback);
    return limiter.consume(`${name} ${ip}`, limit('rate', 10), limit('burst', 25));
  };

  const handle = (transaction: Transaction, peer: PeerAddress) => {
    const { request, response } = transaction;
    const match = router.find(request.target);
    if (match === null) {
      response.reply(404, {}, Buffer.from(`Route ${request.target} not found.`, 'latin1'));
      return;
    }
    const route = match.value;
    if (typeof route === 'function') {
      const { status, contentType, body } = route();
      response.reply(status, { 'Content-Type': contentType }, Buffer.from(body));
    } else if (!mayPass(route.resource, peer.ip)) {
      response.reply(429, TEXT, Buffer.from('Rate limit exceeded.'));
    } else if (route.handler === null) {
      response.reply(404, TEXT, Buffer.from('Not found.'));
    } else {
      const exchange = createExchange(transaction, peer, request.target.slice(match.prefixLength));
      onMainThread(() => {
        if (resources.get(route.resource) === route) route.handler?.(exchange);
      });
    }
  };

  const open = new Set<() => void>();
  const accept = (socket: Socket) => {
    const { remoteAddress: ip, remotePort: port } = socket;
    if (ip === undefined || port === undefined || closed || !connectionLimit.open(ip)) {
      socket.destroy();
      return;
    }
    const drop = serveConnection(socket, {
      timeouts,
      onMainThread,
      handle(transaction) {
        if (!options.trustPeerHeader) return handle(transaction, { ip, port });
        const { request, peer } = takePeerHeader(transaction.request, options.fatal);
        handle({ ...transaction, request }, peer ?? { ip, port });
      },
    });
    open.add(drop);
    socket.once('close', () => {
      open.delete(drop);
      connectionLimit.close(ip);
    });
  };

  const serverInfo = () => options.serverInfo?.() ?? {};
  const builtIns = builtInRoutes(options.convar, () => [...resources.keys()], serverInfo);
  for (const [prefix, route] of builtIns) router.add(prefix, route);

  const server = createServer({ allowHalfOpen: true }, accept);
  server.listen(options.port, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The HTTP server got no port.');

  return {
    port: address.port,
    /**
     * Opens the routes of a running resource, or changes its handler.
     * @param handler null while the resource has not called SetHttpHandler
     */
    register(resource: string, handler: HttpHandler | null): void {
      const known = resources.get(resource);
      if (known) {
        known.handler = handler;
        return;
      }
      const route = { resource, handler };
      resources.set(resource, route);
      router.add(`/${resource}/`, route);
    },
    /** Requests that have been read but not handed out are never answered, as in FXServer. */
    unregister(resource: string): void {
      resources.delete(resource);
      router.remove(`/${resource}/`);
    },
    /** Drops all connections; no callback comes after it. */
    async close(): Promise<void> {
      if (closed) return;
      closed = true;
      const done = once(server, 'close');
      server.close();
      for (const drop of open) drop();
      await done;
    },
  };
}

function createExchange({ request, callbacks, response }: Transaction, peer: PeerAddress, rest: string): HttpExchange {
  return {
    method: request.method,
    path: latin1AsUtf8(`/${rest}`),
    headers: scriptHeaders(request),
    address: formatPeerAddress(peer),
    setDataHandler: callbacks.setDataHandler,
    setCancelHandler: callbacks.setCancelHandler,
    writeHead: response.writeHead,
    write: response.write,
    end: response.end,
  };
}
