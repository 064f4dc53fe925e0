import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '../lib/clock.ts';
import type { ListeningServer, PushEventListener } from './push-event-listener.ts';

/** Of the whole request; that of the body, 4 s, ends first. */
const REQUEST_TIMEOUT_MS = 10_000;
const HEAD_TIMEOUT_MS = 5_000;
/** How often Node looks for requests that are over their time. */
const CHECK_EVERY_MS = 2_000;
/** The resource keeps its connections for as long as it can, and a CAD in a quiet hour sends little. */
const KEEP_ALIVE_MS = 60_000;
/** The CAD and a few game servers need one or two each. */
const MAX_CONNECTIONS = 1_000;
const CLOSE_DEADLINE_MS = 5_000;

/** @throws (as a rejection) when the port cannot be had */
export async function serve(
  callback: ReturnType<PushEventListener['callback']>,
  port: number,
  host: string,
  clock: Clock,
): Promise<ListeningServer> {
  const open = new Set<ServerResponse>();
  const timeouts = {
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: HEAD_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_EVERY_MS,
  };
  const server = createServer(timeouts, (request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
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
  let closed: Promise<void> | null = null;
  return {
    port: portOf(server),
    close() {
      closed ??= close(server, open, clock);
      return closed;
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function close(server: Server, open: ReadonlySet<ServerResponse>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(CLOSE_DEADLINE_MS, () => server.closeAllConnections());
    server.close(() => {
      cancel();
      resolve();
    });
    // Those with an open request would be kept alive after it, and the server with them.
    for (const response of open) if (!response.headersSent) response.setHeader('Connection', 'close');
  });
}
