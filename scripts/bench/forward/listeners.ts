import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isProgram } from '../../is-program.ts';
import { forkServer, ordersOf, tellParent } from '../processes.ts';

/** What they do with a request: those that fail answer one in ten with 503, by chance. */
export type Manner = 'answer' | 'never answer' | 'fail one in ten';

/** Starts web servers in a process of their own, which ends with this one. @param manner what they do with requests */
export async function startListeners(count: number, manner: Manner) {
  const orders = [JSON.stringify({ count, manner })];
  const { ready, ask } = await forkServer<{ ports: number[] }>(import.meta.filename, orders);
  return {
    urls: ready.ports.map((port) => `http://127.0.0.1:${port}/`),
    /**
     * @returns a promise that is kept when all of them together have taken so many requests from now on; rejects when the process
     * ends before that
     */
    take: (requests: number): Promise<unknown> => ask({ wanted: requests }),
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
async function serve({ count, manner }: { readonly count: number; readonly manner: Manner }): Promise<void> {
  let taken = 0;
  let wanted = Number.POSITIVE_INFINITY;
  const took = () => {
    taken += 1;
    if (taken === wanted) process.send?.({ done: taken });
  };
  const ports = await Promise.all(Array.from({ length: count }, () => listen(manner, took)));
  process.on('message', (message: { wanted: number }) => {
    wanted = message.wanted;
    taken = 0;
  });
  tellParent({ ports });
}

if (isProgram(import.meta.url)) await serve(ordersOf());
