import { join } from 'node:path';
import { forkServer } from '../fork-server.ts';
import type { ListenerOrders } from './listeners.ts';

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

/** @param blackHole whether they take requests and never answer */
export async function startListeners(count: number, blackHole: boolean): Promise<ListenerProcess> {
  const orders: ListenerOrders = { count, blackHole };
  const program = join(import.meta.dirname, 'listeners.ts');
  const { ready, ask, stop } = await forkServer<{ ports: number[] }>(program, [JSON.stringify(orders)]);
  return {
    urls: ready.ports.map((port) => `http://127.0.0.1:${port}/`),
    async take(requests) {
      await ask({ wanted: requests });
    },
    stop,
  };
}
