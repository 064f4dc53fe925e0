import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Served } from './serve.ts';

/** A server in a process of its own. */
export interface ServerProcess {
  readonly port: number;
  stop(): void;
}

/** @throws when it ends before it serves */
export async function startServer(served: Served): Promise<ServerProcess> {
  const child = fork(join(import.meta.dirname, 'serve.ts'), [served], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The server "${served}" ended with code ${code} before it served.`);
  });
  const [{ port }] = (await Promise.race([once(child, 'message'), ended])) as [{ port: number }];
  ended.catch(() => undefined);
  return { port, stop: () => void child.kill('SIGKILL') };
}
