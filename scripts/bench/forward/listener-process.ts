import { join } from 'node:path';
import { forkServer } from '../fork-server.ts';
import type { ListenerOrders, Manner } from './listeners.ts';

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
