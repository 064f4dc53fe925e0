import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A server of Node's on a port of this machine. */
export interface LocalServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>`, without a slash at its end. */
  readonly url: string;
  /** How many connections it has taken so far. */
  readonly connections: number;
  /** Ends every connection, and the server. */
  close(): Promise<void>;
}

/**
 * Has a server listen on the loopback address.
 *
 * @param server made by node:http, node:https or node:net
 * @param port a free one unless given
 */
export async function openLocally(server: Server, port = 0): Promise<LocalServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const taken = (server.address() as AddressInfo).port;
  return {
    port: taken,
    url: `http://127.0.0.1:${taken}`,
    get connections() {
      return connections;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}
