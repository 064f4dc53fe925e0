import { join } from 'node:path';
import { forkServer, type ServerProcess } from '../fork-server.ts';
import { median } from '../percentile.ts';
import { requestsPerSecond } from '../requests-per-second.ts';
import type { Served } from './serve.ts';

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
  const servers = new Map<Served, ServerProcess<{ port: number }>>();
  const rates: Record<Served, number[]> = { bare: [], whole: [], pipeline: [], plain: [] };
  const program = join(import.meta.dirname, 'serve.ts');
  try {
    for (const served of SERVED)
      servers.set(served, await forkServer(program, [served, join(folder, 'throughput', served), serverScript]));
    for (const { ready } of servers.values()) await requestsPerSecond(ready.port, requests);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [served, { ready }] of servers)
        rates[served].push(await requestsPerSecond(ready.port, Math.ceil(requests / ROUNDS)));
    }
  } finally {
    for (const server of servers.values()) server.stop();
  }
  return {
    bare: median(rates.bare),
    whole: median(rates.whole),
    pipeline: median(rates.pipeline),
    plain: median(rates.plain),
  };
}
