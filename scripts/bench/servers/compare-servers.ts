import { join } from 'node:path';
import { forkServer } from '../processes.ts';
import { type Benchmark, median, ratioOf, table } from '../report.ts';
import { BENCH_TYPE, eventBody, requestsPerSecond } from '../requests.ts';
import type { Served } from './serve.ts';

/** The servers take turns, so that a machine that becomes slower does so for both. */
const ROUNDS = 12;
/** The engine compiles validation, which is more code than all the rest, only after a while. */
const WARMUP_TIMES = 4;

/**
 * Measures two servers over sockets.
 *
 * @param requests of each, after four times as many that do not count
 * @param staysAwake see {@link requestsPerSecond}
 */
export async function compareServers(served: readonly [Served, Served], requests: number, staysAwake: boolean) {
  const program = join(import.meta.dirname, 'serve.ts');
  const servers: Awaited<ReturnType<typeof forkServer<{ port: number }>>>[] = [];
  const rounds: [number, number][] = [];
  try {
    for (const each of served) servers.push(await forkServer(program, [JSON.stringify({ served: each })]));
    const [first = 0, second = 0] = servers.map(({ ready }) => ready.port);
    for (const port of [first, second]) await requestsPerSecond(port, WARMUP_TIMES * requests, staysAwake);
    const count = Math.ceil(requests / ROUNDS);
    for (let round = 0; round < ROUNDS; round += 1) {
      const one = await requestsPerSecond(first, count, staysAwake);
      rounds.push([one, await requestsPerSecond(second, count, staysAwake)]);
    }
  } finally {
    for (const server of servers) server.stop();
  }
  return {
    /** Requests a second. */
    rates: [median(rounds.map(([rate]) => rate)), median(rounds.map(([, rate]) => rate))] as const,
    /** The second's by the first's in each round. */
    ratio: ratioOf(rounds),
  };
}

/** What the library costs, beside the documentation's example that it replaces. */
export const benchListener: Benchmark = async ({ requests }, print) => {
  print(`${BENCH_TYPE}, ${eventBody().length} bytes, Node ${process.versions.node}`);
  print(`Over sockets, requests a second (${requests} requests after ${WARMUP_TIMES} times as many, taking turns)`);
  const { rates, ratio } = await compareServers(['documented', 'listener'], requests, true);
  const lines = table([
    ['(a) documented: accumulate, JSON.parse, compare, answer', rates[0].toFixed(0)],
    ['(b) listener: callback() of the library, one handler', rates[1].toFixed(0)],
  ]);
  for (const line of lines) print(line);
  return [{ name: 'b/a', ...ratio, atLeast: 0.8 }];
};
