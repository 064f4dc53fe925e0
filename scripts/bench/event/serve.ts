import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDispatcher } from '../../../src/dispatch/dispatcher.ts';
import { createSubscriptions } from '../../../src/dispatch/subscriptions.ts';
import { createApp } from '../../../src/http/app.ts';
import { createPeerLabel } from '../../../src/http/peer-label.ts';
import { createClock } from '../../../src/platform/clock.ts';
import type { Log } from '../../../src/platform/log.ts';
import { createKeyRing } from '../../../src/push-events/key-ring.ts';
import { startSubject } from './bench-resources.ts';
import { BENCH_KEY, BENCH_TYPE } from './event-request.ts';

/** What `serve.ts` can serve: the two resources on the stand-in, our pipeline behind Node's server, and Node's server alone. */
export type Served = 'bare' | 'whole' | 'pipeline' | 'plain';

/** The pipeline without anything of the game: authenticated, parsed, validated, answered, one subscriber called. */
function pipeline(): RequestListener {
  const clock = createClock();
  const log: Log = { debug() {}, info() {}, warn: console.error, error: console.error };
  const subscriptions = createSubscriptions(log);
  subscriptions.subscribe(BENCH_TYPE, () => undefined, 'bench');
  const dispatcher = createDispatcher({ plan: subscriptions.callsFor, clock, log });
  dispatcher.start();
  const keys = createKeyRing([BENCH_KEY]);
  const peerLabel = createPeerLabel([]);
  const app = createApp({
    answerHttpEvent: async () => ({ status: 'unhandled' }),
    keys: () => keys,
    accept: dispatcher.enqueue,
    version: '0.0.0',
    healthToken: () => null,
    peerLabel: () => peerLabel,
    healthDetails: () => ({ forwarding: false }),
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

/** @returns the port on 127.0.0.1 */
async function serve(served: Served, folder: string, serverScript: string): Promise<number> {
  if (served === 'bare' || served === 'whole') {
    const host = await startSubject(served, { path: folder, serverScript: readFileSync(serverScript) }, {});
    return host.port;
  }
  const server = createServer(served === 'pipeline' ? pipeline() : plain());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

// Always a process of its own, begun by `throughput.ts`: what serves must not share a thread with what asks.
const [served, folder = '', serverScript = ''] = process.argv.slice(2);
process.send?.({ port: await serve(served as Served, folder, serverScript) });
process.once('disconnect', () => process.exit());
