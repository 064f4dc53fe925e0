import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The documented listener in a process of its own, which can be frozen and killed. */
export interface ListenerProcess {
  readonly port: number;
  /** The webhook-ids of the events that it has handled, in order. */
  readonly handled: readonly string[];
  /** It takes connections no more, and bytes only as far as the system keeps them for it. */
  freeze(): void;
  kill(): Promise<void>;
}

/** @param port a free one unless given */
export async function startListener(key: string, types: readonly string[], port = 0): Promise<ListenerProcess> {
  const program = join(import.meta.dirname, 'documented-listener.ts');
  const child: ChildProcess = fork(program, [String(port), key, ...types], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const handled: string[] = [];
  const [first] = (await once(child, 'message')) as [{ port: number }];
  child.on('message', (message) => handled.push((message as { id: string }).id));
  return {
    port: first.port,
    handled,
    freeze: () => void child.kill('SIGSTOP'),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
