import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the process of the listeners is told. */
export interface ListenerOrders {
  readonly count: number;
  readonly manner: Manner;
}

/** What they do with a request: those that fail answer one in ten with 503, by chance. */
export type Manner = 'answer' | 'never answer' | 'fail one in ten';

async function listen(manner: Manner, took: () => void): Promise<number> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      if (manner === 'fail one in ten' && Math.random() < 0.1) {
        response.writeHead(503).end();
        return;
      }
      took();
      if (manner !== 'never answer') response.end('ok');
    });
  });
  server.on('error', (error) => console.error(`A listener of the benchmark: ${error.message}`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve));
  return (server.address() as AddressInfo).port;
}

// Always a process of its own: what receives must not share a thread with what sends.
const { count, manner } = JSON.parse(process.argv[2] ?? '') as ListenerOrders;
let taken = 0;
let wanted = Number.POSITIVE_INFINITY;
const ports: number[] = [];
for (let index = 0; index < count; index += 1) {
  ports.push(
    await listen(manner, () => {
      taken += 1;
      if (taken === wanted) process.send?.({ done: taken });
    }),
  );
}
process.on('message', (message) => {
  wanted = (message as { wanted: number }).wanted;
  taken = 0;
});
process.once('disconnect', () => process.exit());
process.send?.({ ports });
