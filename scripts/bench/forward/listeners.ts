import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isProgram } from '../../is-program.ts';
import { forkServer, ordersOf, tellParent } from '../processes.ts';

/** What the process of the listeners is told. */
interface ListenerOrders {
  readonly count: number;
  readonly manner: Manner;
}

/** What they do with a request: those that fail answer one in ten with 503, by chance. */
export type Manner = 'answer' | 'never answer' | 'fail one in ten';

/** Web servers in a process of their own. */
export interface ListenerProcess {
  readonly urls: readonly string[];
  /**
   * @returns a promise that is kept when all of them together have taken so many requests from now on; rejects when the process
   * ends before that
   */
  take(requests: number): Promise<void>;
  stop(): void;
}

/** @param manner what they do with requests */
export async function startListeners(count: number, manner: Manner): Promise<ListenerProcess> {
  const orders: ListenerOrders = { count, manner };
  const { ready, ask, stop } = await forkServer<{ ports: number[] }>(import.meta.filename, [JSON.stringify(orders)]);
  return {
    urls: ready.ports.map((port) => `http://127.0.0.1:${port}/`),
    async take(requests) {
      await ask({ wanted: requests });
    },
    stop,
  };
}

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

/** What receives must not share a thread with what sends. */
async function serve({ count, manner }: ListenerOrders): Promise<void> {
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
  tellParent({ ports });
}

if (isProgram(import.meta.url)) await serve(ordersOf());
