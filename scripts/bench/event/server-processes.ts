import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Served } from './serve.ts';

/** A server in a process of its own. */
export interface ServerProcess {
  readonly port: number;
  stop(): void;
}

/**
 * @param folder where the resources are written
 * @param serverScript path of the built server script
 */
export async function startServer(served: Served, folder: string, serverScript: string): Promise<ServerProcess> {
  const program = join(import.meta.dirname, 'serve.ts');
  const child = fork(program, [served, join(folder, `served-${served}`), serverScript], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  return { port: await portOf(child, served), stop: () => void child.kill('SIGKILL') };
}

function portOf(child: ChildProcess, served: Served): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve((message as { port: number }).port));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The server "${served}" ended with code ${code} before it served.`)));
  });
}
