import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * Starts a server in a process of its own: what serves must not share a thread with what asks.
 *
 * @param program path of the module that serves; it sends a message as soon as it does
 * @param args its arguments, the first of which says in errors which server it is
 * @throws when it ends before it serves
 */
export async function forkServer<Ready>(program: string, args: readonly string[]) {
  const child = fork(program, args, { execArgv: ['--disable-warning=ExperimentalWarning', '--expose-gc'] });
  // After `close` nothing that it has sent is still under way, as it can be after `exit`.
  const ended = once(child, 'close').then(([code, signal]) => {
    throw new Error(`The server ${args[0]} ended with ${code ?? signal} before it had said what was waited for.`);
  });
  // It ends at last, when no one asks any more.
  ended.catch(() => undefined);
  const said = () => Promise.race([once(child, 'message').then(([message]) => message), ended]);
  const ready = (await said()) as Ready;
  return {
    /** What it said when it began to serve. */
    ready,
    /** Tells it something. @returns what it says next; rejects when it ends before that */
    ask(message: object): Promise<unknown> {
      const answer = said();
      // A process that has ended is noticed by `said`.
      if (child.connected) child.send(message);
      return answer;
    },
    stop: (): void => void child.kill('SIGKILL'),
  };
}

/** Has something measured in a fresh process: heaps and compiled code of one measurement are none of the next. */
export async function measureInProcess<Figures>(program: string, orders: object): Promise<Figures> {
  const { ready, stop } = await forkServer<Figures>(program, [JSON.stringify(orders)]);
  stop();
  return ready;
}

/**
 * Measures two in turn, each time in a fresh process: first, second, first, second …
 */
export async function measurePairs<Figures>(
  pairs: number,
  program: string,
  [first, second]: readonly [object, object],
): Promise<(readonly [first: Figures, second: Figures])[]> {
  const measured: (readonly [Figures, Figures])[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const one = await measureInProcess<Figures>(program, first);
    measured.push([one, await measureInProcess<Figures>(program, second)]);
  }
  return measured;
}

/**
 * Measures two that take turns block by block, each pair in two fresh processes: a machine that changes its speed within seconds
 * changes it for both. The program says that it is ready, does a block for each message, and tells its figures when asked to finish.
 */
export async function measureTurns<Figures>(
  pairs: number,
  blocks: number,
  program: string,
  orders: readonly [object, object],
): Promise<(readonly [first: Figures, second: Figures])[]> {
  const measured: (readonly [Figures, Figures])[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const processes: Awaited<ReturnType<typeof forkServer>>[] = [];
    try {
      for (const each of orders) processes.push(await forkServer(program, [JSON.stringify(each)]));
      const [first, second] = processes as [(typeof processes)[0], (typeof processes)[0]];
      for (let block = 0; block < blocks; block += 1) {
        for (const each of block % 2 === 0 ? [first, second] : [second, first]) await each.ask({ do: 'block' });
      }
      const figures = [await first.ask({ do: 'finish' }), await second.ask({ do: 'finish' })];
      measured.push(figures as [Figures, Figures]);
    } finally {
      for (const each of processes) each.stop();
    }
  }
  return measured;
}

/** What a program of {@link measureInProcess} was told. */
export function ordersOf<Orders>(): Orders {
  return JSON.parse(process.argv[2] ?? '') as Orders;
}

/** Says what was measured, or begins to serve, and ends with the process that began this one. */
export function tellParent(message: object): void {
  if (process.listenerCount('disconnect') === 0) process.once('disconnect', () => process.exit());
  process.send?.(message);
}
