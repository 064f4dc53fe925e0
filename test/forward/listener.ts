import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Listener {
  readonly port: number;
  readonly received: ReceivedRequest[];
  /** @returns when so many requests have come, or at once when they have */
  count(requests: number): Promise<void>;
  close(): Promise<void>;
}

type Respond = (request: IncomingMessage, response: ServerResponse, received: ReceivedRequest) => void;

/** A real web server on a port of its own that keeps what it gets; answers 200 unless told otherwise. @param port a free one unless given */
export async function listen(
  respond: Respond = (_request, response) => response.end('ok'),
  port = 0,
): Promise<Listener> {
  const received: ReceivedRequest[] = [];
  let waiting: { requests: number; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const whole = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks),
      };
      received.push(whole);
      respond(request, response, whole);
      for (const { requests, resolve } of waiting) if (received.length >= requests) resolve();
      waiting = waiting.filter(({ requests }) => received.length < requests);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    count(requests) {
      if (received.length >= requests) return Promise.resolve();
      return new Promise((resolve) => waiting.push({ requests, resolve }));
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
