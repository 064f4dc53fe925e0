import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createKeyRing } from '../../../src/events/api-keys.ts';
import { readHops } from '../../../src/forward/signed-headers.ts';
import { Dispatcher } from '../../../src/game/dispatch/dispatcher.ts';
import { Subscriptions } from '../../../src/game/dispatch/subscriptions.ts';
import { createApp } from '../../../src/http/app.ts';
import { createPeerLabel } from '../../../src/http/senders.ts';
import { createClock } from '../../../src/lib/clock.ts';
import { HoldMeter } from '../../../src/lib/hold-meter.ts';
import type { Log } from '../../../src/lib/log.ts';
import { createPushEventListener } from '../../../src/listener/create-push-event-listener.ts';
import { ordersOf, tellParent } from '../processes.ts';
import { BENCH_KEY, BENCH_TYPE } from '../requests.ts';

/** What is served: this resource's pipeline, Node's server alone, the library, and the CAD documentation's example by hand. */
export type Served = 'pipeline' | 'plain' | 'listener' | 'documented';

/** The pipeline without anything of the game: authenticated, parsed, validated, answered, one subscriber called. */
function pipeline(): RequestListener {
  const clock = createClock();
  const lines = { debug() {}, info() {}, warn: console.error, error: console.error };
  const log: Log = { ...lines, coalesce: () => lines };
  const subscriptions = new Subscriptions({ log, clock, called: () => {} });
  subscriptions.subscribe(BENCH_TYPE, () => undefined, 'bench');
  const dispatcher = new Dispatcher({ stepsOf: (received) => subscriptions.callsFor(received), clock, log });
  dispatcher.start();
  const keys = createKeyRing([BENCH_KEY]);
  const peerLabel = createPeerLabel([]);
  const app = createApp({
    answerHttpEvent: async () => ({ status: 'unhandled' }),
    keys: () => keys,
    intake: { accept: (received, raw) => dispatcher.enqueue(received, raw.length), refuse() {} },
    holds: new HoldMeter(),
    readHops,
    version: '0.0.0',
    healthToken: () => null,
    peerLabel: () => peerLabel,
    healthDetails: () => ({ forwarding: false }),
    mask: (text) => text,
    log,
    clock,
  });
  return app.callback();
}

function plain(): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      JSON.parse(Buffer.concat(chunks).toString());
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
    });
  };
}

function library(): RequestListener {
  const listener = createPushEventListener({ apiKey: BENCH_KEY });
  listener.on(BENCH_TYPE, () => undefined);
  return listener.callback();
}

function documented(): RequestListener {
  return (request, response) => {
    const answer = (status: number, text: string) =>
      response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text);
    if (request.method !== 'POST' || request.url !== '/sonorancad/event') return answer(404, 'Cannot do that');
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const event = JSON.parse(body) as { key?: unknown; type?: unknown };
      if (event.key !== BENCH_KEY) return answer(400, 'Authentication Key Failed!');
      return event.type === BENCH_TYPE ? answer(200, 'ok') : answer(400, 'Invalid Type');
    });
    return undefined;
  };
}

// Always a process of its own, begun by `compare-servers.ts`: what serves must not share a thread with what asks.
const servers: Readonly<Record<Served, () => RequestListener>> = { pipeline, plain, listener: library, documented };
const server = createServer(servers[ordersOf<{ served: Served }>().served]());
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
tellParent({ port: (server.address() as AddressInfo).port });
