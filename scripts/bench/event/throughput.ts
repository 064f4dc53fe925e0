import { join } from 'node:path';
import { percentile } from '../percentile.ts';
import { requestsPerSecond } from './load-client.ts';
import type { Served } from './serve.ts';
import { type ServerProcess, startServer } from './server-processes.ts';

const SERVED: readonly Served[] = ['bare', 'whole', 'pipeline', 'plain'];
/** The servers take turns, so that a machine that becomes slower does so for all. */
const ROUNDS = 6;

/**
 * Measures all four over sockets.
 *
 * @param requests of each server; as many again come before them and do not count
 * @param serverScript path of the built server script
 * @returns requests a second, the median of the rounds
 */
export async function measureThroughput(
  folder: string,
  serverScript: string,
  requests: number,
): Promise<Readonly<Record<Served, number>>> {
  const servers = new Map<Served, ServerProcess>();
  const rates = new Map<Served, number[]>(SERVED.map((served) => [served, []]));
  try {
    for (const served of SERVED)
      servers.set(served, await startServer(served, join(folder, 'throughput'), serverScript));
    for (const [, { port }] of servers) await requestsPerSecond(port, '/sonorancad/event', requests);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [served, { port }] of servers) {
        rates.get(served)?.push(await requestsPerSecond(port, '/sonorancad/event', Math.ceil(requests / ROUNDS)));
      }
    }
  } finally {
    for (const server of servers.values()) server.stop();
  }
  const median = (served: Served) =>
    percentile(
      (rates.get(served) ?? []).sort((a, b) => a - b),
      0.5,
    );
  return { bare: median('bare'), whole: median('whole'), pipeline: median('pipeline'), plain: median('plain') };
}
