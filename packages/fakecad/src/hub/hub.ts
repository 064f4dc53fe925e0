import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { RequestLog } from '../request-log.ts';
import { createHubConnection, type HubConnection } from './hub-connection.ts';
import { createHubMethods, type HubOptions, type Identity } from './hub-methods.ts';

export type Hub = ReturnType<typeof createHub>;

/** An authenticated session. */
export interface HubSession {
  readonly id: string;
  readonly communityId: string | null;
  readonly serverId: number | null;
  /** When the connection was made, in milliseconds since 1970. */
  readonly since: number;
}

interface Client extends Identity {
  readonly id: string;
  /** When the connection was made, in milliseconds since 1970. */
  readonly since: number;
  readonly socket: WebSocket;
  readonly connection: HubConnection;
}

const PATH = '/apiWsHub';
const SOCKET_OPTIONS = { perMessageDeflate: false, maxPayload: 1024 * 1024, closeTimeout: 2000 };
const MAX_CLIENTS = 100;
const MAX_TOKENS = 1000;
const KEY_SHOWN = '(key)';

/** The SignalR hub at `/apiWsHub`. */
export function createHub(options: HubOptions, log: RequestLog) {
  const { apiKey, faults, clock } = options;
  const clients = new Set<Client>();
  const tokens = new Set<string>();
  const sockets = new WebSocketServer({ ...SOCKET_OPTIONS, noServer: true });
  const authenticated = () => [...clients].filter((client) => client.communityId !== null);

  const endAll = (end: (client: Client) => void): number => {
    const ended = authenticated();
    for (const client of ended) {
      clients.delete(client);
      end(client);
    }
    return ended.length;
  };

  const call = createHubMethods(options, (identity) => {
    for (const other of authenticated()) {
      if (other === identity || other.serverId === null || other.serverId !== identity.serverId) continue;
      clients.delete(other);
      other.connection.close({ error: 'Another session has taken over this server.' });
    }
  });

  const open = (socket: WebSocket) => {
    const connection = createHubConnection({
      socket,
      clock,
      faults,
      call(target, args) {
        const body = args.map((arg) => (arg === apiKey ? KEY_SHOWN : arg));
        const answered = log.add({ method: 'INVOKE', path: `${PATH}/${target}`, query: {}, body, at: clock.now() });
        const outcome = call(client, target, args);
        const { success } = ('result' in outcome ? outcome.result : {}) as { success?: boolean };
        answered(success ? 200 : 400);
        return outcome;
      },
    });
    const client: Client = {
      ...{ id: randomUUID(), since: clock.now(), socket, connection },
      ...{ communityId: null, serverId: null, locatedAt: null },
    };
    clients.add(client);
    socket.on('close', () => clients.delete(client));
  };

  return {
    /** Authenticated sessions, oldest first. */
    sessions: (): HubSession[] =>
      authenticated().map(({ id, communityId, serverId, since }) => ({ id, communityId, serverId, since })),
    /** The answer to `POST /apiWsHub/negotiate`. */
    negotiate(version: number): object {
      const token = randomUUID();
      tokens.add(token);
      for (const oldest of tokens) if (tokens.size > MAX_TOKENS) tokens.delete(oldest);
      const availableTransports = [{ transport: 'WebSockets', transferFormats: ['Text', 'Binary'] }];
      if (version === 0) return { negotiateVersion: 0, connectionId: token, availableTransports };
      return { negotiateVersion: 1, connectionId: randomUUID(), connectionToken: token, availableTransports };
    },
    /** Upgrades a request to a WebSocket. */
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fakecad');
      const token = searchParams.get('id');
      socket.on('error', () => socket.destroy());
      if (pathname !== PATH || (token !== null && !tokens.delete(token))) refuse(socket, '404 Not Found');
      else if (clients.size >= MAX_CLIENTS) refuse(socket, '503 Service Unavailable');
      else sockets.handleUpgrade(request, socket, head, open);
    },
    /** Sends an event to the session of a server. @returns whether there is one */
    push(serverId: number, payload: object): boolean {
      const client = authenticated().find((other) => other.serverId === serverId);
      if (client === undefined) return false;
      const args = [faults.payloadAsText ? JSON.stringify(payload) : payload];
      if (faults.dropSocketMidMessage) client.connection.invokeHalf('pushEvent', args);
      else client.connection.invoke('pushEvent', args);
      return true;
    },
    /** Cuts all sessions, in the middle of a message if wanted. @returns how many there were */
    drop: (midMessage: boolean): number =>
      endAll(({ socket, connection }) => {
        if (midMessage) connection.invokeHalf('pushEvent', [{ type: 'EVENT_CUT_OFF', data: {} }]);
        else socket.terminate();
      }),
    /** Closes all sessions with a close message. @returns how many there were */
    end: (allowReconnect: boolean): number => endAll(({ connection }) => connection.close({ allowReconnect })),
    /** Cuts all connections. */
    close(): void {
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
