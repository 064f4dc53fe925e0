import type { ServerResponse } from 'node:http';
import { type FakeExchange, type FakeRequest, type FakeServer, serveWithFake } from './fake-citizenfx.ts';

/** A response before anything was done to it, the exchange behind it, and the events it emitted. */
export function open(request?: FakeRequest): {
  response: ServerResponse;
  exchange: FakeExchange;
  events: string[];
  server: FakeServer;
} {
  let response: ServerResponse | undefined;
  const server = serveWithFake((_request, given) => {
    response = given;
  });
  const exchange = server.request(request);
  if (!response) throw new Error('the handler was not called');
  const events: string[] = [];
  for (const name of ['finish', 'close', 'error']) response.on(name, () => events.push(name));
  return { response, exchange, events, server };
}
