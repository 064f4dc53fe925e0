import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Web servers in a process of their own. */
export interface ListenerProcess {
  readonly urls: readonly string[];
  /** @returns a promise that is kept when all of them together have taken so many requests from now on */
  take(requests: number): Promise<void>;
  stop(): void;
}

/** @param blackHole whether they take requests and never answer */
export async function startListeners(count: number, blackHole: boolean): Promise<ListenerProcess> {
  const child = fork(join(import.meta.dirname, 'listeners.ts'), [JSON.stringify({ count, blackHole })], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const [{ ports }] = (await once(child, 'message')) as [{ ports: number[] }];
  return {
    urls: ports.map((port) => `http://127.0.0.1:${port}/`),
    async take(requests) {
      child.send({ wanted: requests });
      await once(child, 'message');
    },
    stop: () => void child.kill('SIGKILL'),
  };
}
