import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { type LocalServer, openLocally } from './local-server.ts';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A web server that keeps what it gets: a forward target, a stand-in for a web service. */
export interface HttpTarget extends LocalServer {
  readonly received: ReceivedRequest[];
  /** While it is down it hangs up on every connection. */
  down: boolean;
  /** @returns when so many requests have come, or at once when they have */
  count(requests: number): Promise<void>;
}

export type Respond = (request: IncomingMessage, response: ServerResponse, received: ReceivedRequest) => void;

/**
 * @param respond answers 200 `ok` unless given
 * @param port a free one unless given
 */
export async function startHttpTarget(
  respond: Respond = (_request, response) => response.end('ok'),
  port = 0,
): Promise<HttpTarget> {
  const received: ReceivedRequest[] = [];
  let waiting: { requests: number; resolve: () => void }[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray().catch(() => []));
    if (!request.complete) return;
    const whole = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    received.push(whole);
    respond(request, response, whole);
    for (const { requests, resolve } of waiting) if (received.length >= requests) resolve();
    waiting = waiting.filter(({ requests }) => received.length < requests);
  });
  server.on('connection', (socket) => {
    if (target.down) socket.destroy();
  });
  const local = await openLocally(server, port);
  const target: HttpTarget = Object.assign(local, {
    received,
    down: false,
    count(requests: number) {
      if (received.length >= requests) return Promise.resolve();
      return new Promise<void>((resolve) => waiting.push({ requests, resolve }));
    },
  });
  return target;
}

/** The events of a target whose `data` has a `number`, told apart by it. */
export interface NumberedEvents {
  /** In the order in which they came, repeats among them. */
  readonly order: readonly number[];
  /** By number, the `webhook-id` of each time it came. */
  readonly ids: ReadonlyMap<number, readonly string[]>;
  /** Those that came as replays. */
  readonly replays: readonly number[];
}

export function numberedEventsOf({ received }: HttpTarget): NumberedEvents {
  const events = received.map(({ headers, body }) => ({
    number: (JSON.parse(body.toString()) as { data: { number: number } }).data.number,
    id: String(headers['webhook-id']),
    replayed: headers['x-sonorancad-replay'] === 'true',
  }));
  const ids = new Map<number, string[]>();
  for (const { number, id } of events) ids.set(number, [...(ids.get(number) ?? []), id]);
  return {
    order: events.map(({ number }) => number),
    ids,
    replays: events.filter(({ replayed }) => replayed).map(({ number }) => number),
  };
}
