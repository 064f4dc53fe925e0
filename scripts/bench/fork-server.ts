import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A server in a process of its own: what serves must not share a thread with what asks. */
export interface ServerProcess<Ready> {
  /** What it said when it began to serve. */
  readonly ready: Ready;
  /**
   * Tells it something.
   *
   * @returns what it says next; rejects when it ends before that
   */
  ask(message: object): Promise<unknown>;
  stop(): void;
}

/**
 * @param program path of the module that serves; it sends a message as soon as it does
 * @param args its arguments, the first of which says in errors which server it is
 * @throws when it ends before it serves
 */
export async function forkServer<Ready>(program: string, args: readonly string[]): Promise<ServerProcess<Ready>> {
  const child = fork(program, args, { execArgv: ['--disable-warning=ExperimentalWarning'] });
  // After `close` nothing that it has sent is still under way, as it can be after `exit`.
  const ended = once(child, 'close').then(([code, signal]) => {
    throw new Error(`The server ${args[0]} ended with ${code ?? signal} before it had said what was waited for.`);
  });
  // It ends at last, when nobody waits for it.
  ended.catch(() => undefined);
  const said = () => Promise.race([once(child, 'message').then(([message]) => message), ended]);
  const ready = (await said()) as Ready;
  return {
    ready,
    ask(message) {
      const answer = said();
      // A process that has ended is noticed by `said`.
      if (child.connected) child.send(message);
      return answer;
    },
    stop: () => void child.kill('SIGKILL'),
  };
}
