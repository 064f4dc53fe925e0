import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '../lib/clock.ts';
import type { ListeningServer, PushEventListener } from './push-event-listener.ts';

/** Maximum time for a whole request. Adapters end a slow body after 4 s, so this is the second line of defence. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Maximum time for the head of a request. Node then answers 408 and closes the connection. */
const HEAD_TIMEOUT_MS = 5_000;
/** Interval at which Node checks its connections for expired requests. */
const TIMEOUT_CHECK_INTERVAL_MS = 2_000;
/**
 * Idle time after which a connection is closed. The resource keeps its connections, and events can be minutes apart.
 */
const KEEP_ALIVE_MS = 60_000;
/** Upper bound for open connections. The CAD and each game server need one or two; Node closes further ones. */
const MAX_CONNECTIONS = 1_000;
/** Time that open requests have when the server closes. After it, their connections are closed. */
const CLOSE_DEADLINE_MS = 5_000;

/**
 * Starts a web server that hands every request to one callback.
 *
 * @throws (as a rejection) if the port or the address is not available
 */
export async function serve(
  callback: ReturnType<PushEventListener['callback']>,
  port: number,
  host: string,
  clock: Clock,
): Promise<ListeningServer> {
  const openResponses = new Set<ServerResponse>();
  const timeouts = {
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: HEAD_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
  };
  let closed: Promise<void> | null = null;
  const server = createServer(timeouts, (request, response) => {
    // A connection whose last answer was being sent when the server closed can still deliver one more request.
    if (closed !== null) response.setHeader('Connection', 'close');
    openResponses.add(response);
    response.once('close', () => openResponses.delete(response));
    callback(request, response);
  });
  server.maxConnections = MAX_CONNECTIONS;

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

  return {
    port: readPort(server),
    close() {
      closed ??= closeGracefully(server, openResponses, clock);
      return closed;
    },
  };
}

function readPort(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function closeGracefully(server: Server, openResponses: ReadonlySet<ServerResponse>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancelDeadline = clock.after(CLOSE_DEADLINE_MS, () => server.closeAllConnections());
    server.close(() => {
      cancelDeadline();
      // Handlers run one pass of the event loop after their answer, and the program may exit when this resolves.
      clock.soon(resolve);
    });
    // Without this header, a connection with an open request stays alive after its answer, and so does the server.
    for (const response of openResponses) {
      if (!response.headersSent) response.setHeader('Connection', 'close');
    }
  });
}
