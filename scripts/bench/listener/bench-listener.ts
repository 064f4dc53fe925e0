import { join } from 'node:path';
import type { BenchOptions } from '../bench-options.ts';
import { BENCH_TYPE, eventBody } from '../event/event-request.ts';
import { forkServer, type ServerProcess } from '../fork-server.ts';
import { describeGoals } from '../goals.ts';
import { median } from '../percentile.ts';
import { requestsPerSecond } from '../requests-per-second.ts';
import { table } from '../table.ts';
import type { Served } from './serve.ts';

/** The servers take turns, so that a machine that becomes slower does so for both. */
const ROUNDS = 12;
/** The engine compiles validation, which is more code than all the rest, only after a while. */
const WARMUP_TIMES = 4;

/** What the library costs, beside the documentation's example that it replaces. */
export async function benchListener({ requests }: BenchOptions, print: (line: string) => void): Promise<void> {
  print(`${BENCH_TYPE}, ${eventBody().length} bytes, Node ${process.versions.node}`);
  print(
    '(a) listener: callback() of the library, one handler   (b) documented: accumulate, JSON.parse, compare, answer',
  );
  print(`\nOver sockets, requests a second (${requests} requests after ${WARMUP_TIMES} times as many, taking turns)`);
  const rounds = await measure(requests);
  const [listener, documented] = [median(rounds.listener), median(rounds.documented)];
  for (const line of table([
    ['(a) listener', listener.toFixed(0)],
    ['(b) documented', documented.toFixed(0)],
  ]))
    print(line);
  // Of each round and not of the medians: what else the machine does hits both servers of a round alike.
  const ratio = median(rounds.listener.map((rate, round) => rate / (rounds.documented[round] ?? Number.NaN)));
  print('\nGoals');
  for (const line of describeGoals([{ name: 'a/b', value: ratio, unit: '', atLeast: 0.8 }])) print(line);
}

async function measure(requests: number): Promise<Readonly<Record<Served, readonly number[]>>> {
  const servers: [Served, ServerProcess<{ port: number }>][] = [];
  const rates: Record<Served, number[]> = { listener: [], documented: [] };
  const program = join(import.meta.dirname, 'serve.ts');
  const rate = ({ ready }: ServerProcess<{ port: number }>, count: number) =>
    requestsPerSecond(ready.port, count, { staysAwake: true });
  try {
    for (const served of ['listener', 'documented'] as const)
      servers.push([served, await forkServer(program, [served])]);
    for (const [, server] of servers) await rate(server, WARMUP_TIMES * requests);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [served, server] of servers) rates[served].push(await rate(server, Math.ceil(requests / ROUNDS)));
    }
  } finally {
    for (const [, server] of servers) server.stop();
  }
  return rates;
}
