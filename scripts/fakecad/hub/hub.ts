import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../../src/platform/clock.ts';
import type { Faults } from '../faults.ts';
import type { RequestLog } from '../request-log.ts';
import { acceptWebSocket, refuse } from '../websocket/accept-web-socket.ts';
import { openWebSocket } from '../websocket/web-socket.ts';
import type { World } from '../world/world.ts';
import { createHubConnection, type HubConnection } from './hub-connection.ts';
import { createHubMethods, type Identity } from './hub-methods.ts';

/** A client that has authenticated itself. */
export interface Session {
  readonly id: string;
  readonly communityId: string;
  /** The game server whose events it gets; null for none. */
  readonly serverId: number | null;
  /** When the connection was made, in milliseconds since 1970. */
  readonly since: number;
}

export interface Hub {
  /** Sessions that are authenticated, the oldest first. */
  sessions(): Session[];
  /** What `POST /apiWsHub/negotiate` is answered with. */
  negotiate(version: number): object;
  /** Takes over a request to speak WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Sends an event to the session of a server. @returns whether there is one */
  push(serverId: number, payload: object): boolean;
  /** Cuts all sessions, in the middle of a message if wanted. @returns how many there were */
  drop(midMessage: boolean): number;
  /** Says goodbye to all sessions, and that they may come back if so. @returns how many there were */
  end(allowReconnect: boolean): number;
  /** Cuts all connections. */
  close(): void;
}

export interface HubOptions {
  readonly communityId: string;
  readonly apiKey: string;
  readonly world: World;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly log: RequestLog;
}

interface Client extends Identity {
  readonly id: string;
  readonly since: number;
  readonly connection: HubConnection;
}

const PATH = '/apiWsHub';
const MOST_CLIENTS = 100;
const MOST_TOKENS = 1000;
const KEY_SHOWN = '(key)';

/** The SignalR hub at `/apiWsHub`. */
export function createHub({ communityId, apiKey, world, faults, clock, log }: HubOptions): Hub {
  const clients = new Set<Client>();
  const tokens = new Set<string>();
  const authenticated = () => [...clients].filter((client) => client.communityId !== null);

  const call = createHubMethods({
    communityId,
    apiKey,
    world,
    faults,
    clock,
    onAuthenticated(identity) {
      for (const other of authenticated()) {
        if (other === identity || other.serverId === null || other.serverId !== identity.serverId) continue;
        clients.delete(other);
        other.connection.close({ error: 'Another session has taken over this server.' });
      }
    },
  });

  const open = (socket: Duplex, head: Buffer) => {
    const server = openWebSocket(socket, head, clock, {
      onText: (text) => connection.receive(text),
      onClosed() {
        clients.delete(client);
        connection.closed();
      },
    });
    const connection = createHubConnection({
      socket: server,
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
      ...{ id: randomUUID(), since: clock.now(), connection },
      ...{ communityId: null, serverId: null, locatedAt: null },
    };
    clients.add(client);
  };

  return {
    sessions: () =>
      authenticated().map(({ id, communityId: community, serverId, since }) => ({
        id,
        communityId: community ?? '',
        serverId,
        since,
      })),
    negotiate(version) {
      const token = randomUUID();
      tokens.add(token);
      for (const oldest of tokens) if (tokens.size > MOST_TOKENS) tokens.delete(oldest);
      const availableTransports = [{ transport: 'WebSockets', transferFormats: ['Text', 'Binary'] }];
      if (version === 0) return { negotiateVersion: 0, connectionId: token, availableTransports };
      return { negotiateVersion: 1, connectionId: randomUUID(), connectionToken: token, availableTransports };
    },
    upgrade(request, socket, head) {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fakecad');
      const token = searchParams.get('id');
      socket.on('error', () => socket.destroy());
      if (pathname !== PATH || (token !== null && !tokens.delete(token))) return refuse(socket, '404 Not Found');
      if (clients.size >= MOST_CLIENTS) return refuse(socket, '503 Service Unavailable');
      if (acceptWebSocket(request, socket)) open(socket, head);
    },
    push(serverId, payload) {
      const client = authenticated().find((other) => other.serverId === serverId);
      if (client === undefined) return false;
      const args = [faults.payloadAsText ? JSON.stringify(payload) : payload];
      if (faults.dropSocketMidMessage) client.connection.invokeHalf('pushEvent', args);
      else client.connection.invoke('pushEvent', args);
      return true;
    },
    drop(midMessage) {
      const dropped = authenticated();
      for (const client of dropped) {
        clients.delete(client);
        if (midMessage) client.connection.invokeHalf('pushEvent', [{ type: 'EVENT_CUT_OFF', data: {} }]);
        else client.connection.destroy();
      }
      return dropped.length;
    },
    end(allowReconnect) {
      const ended = authenticated();
      for (const client of ended) {
        clients.delete(client);
        client.connection.close({ allowReconnect });
      }
      return ended.length;
    },
    close() {
      for (const { connection } of clients) connection.destroy();
    },
  };
}
