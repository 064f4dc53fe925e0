import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleResource } from '../../build/bundle.ts';
import { packageVersion } from '../../build/versions.ts';
import { NATS_SERVER } from '../../nats-server.ts';
import type { LoadOrders } from '../event/load-time.ts';
import { measureInProcess, measurePairs } from '../processes.ts';
import { type BenchOptions, describeGoals, median, ratioOf, table } from '../report.ts';
import type { CostOrders } from './forwarding-cost.ts';
import { measureWorkers, openStream } from './throughput.ts';

const ROUNDS = 3;
const EVENTS = 1_200;
const HANDLING_MS = 5;
const WORKERS = [1, 2, 4] as const;
const COST_EVENTS = 4_000;
const COST_PROGRAM = join(import.meta.dirname, 'forwarding-cost.ts');

/** How workers scale, and what a stream as a target costs the game beside a web server; all in one run, in turns. */
export async function benchCluster({ pairs }: BenchOptions, print: (line: string) => void): Promise<void> {
  if (NATS_SERVER === null) throw new Error('There is no nats-server here: install it first.');
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-bench-'));
  try {
    print(
      `Events a second whose handler waits ${HANDLING_MS} ms, one at a time each (${EVENTS} events, ${ROUNDS} rounds)`,
    );
    const stream = await openStream();
    const rounds: number[][] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const rates: number[] = [];
      for (const workers of WORKERS) rates.push(await measureWorkers(stream, workers, EVENTS, HANDLING_MS));
      const listener: CostOrders = { to: 'handling', folder, events: EVENTS };
      rates.push((await measureInProcess<{ rate: number }>(COST_PROGRAM, listener)).rate);
      rounds.push(rates);
    }
    await stream.close();
    const rate = (column: number) => median(rounds.map((rates) => rates[column] ?? 0)).toFixed(0);
    const rows = [
      ...WORKERS.map((workers) => `${workers} worker${workers > 1 ? 's' : ''}`),
      'one HTTP listener (all at once)',
    ];
    for (const line of table(rows.map((name, column) => [name, rate(column)]))) print(line);
    const scaling = ratioOf(rounds.map((rates) => [rates[0] ?? 0, rates[2] ?? 0] as const));

    print(`\nProcessor time of the game's thread for an event that is forwarded, µs (${pairs} pairs)`);
    const subjects = (['http', 'nats'] as const).map((to): CostOrders => ({ to, folder, events: COST_EVENTS }));
    const costs = await measurePairs<{ cpu: number }>(pairs, COST_PROGRAM, subjects as [CostOrders, CostOrders]);
    const cost = ratioOf(costs.map(([http, nats]) => [http.cpu, nats.cpu] as const));
    const mid = (pick: 0 | 1) => median(costs.map((pair) => pair[pick].cpu)).toFixed(0);
    for (const line of table([
      ['to a web server', mid(0)],
      ['to a stream', mid(1)],
    ]))
      print(line);

    print(`\nLoading the scripts without a target, ms (${pairs} times three fresh processes)`);
    const bundled = async (name: string, entry?: string): Promise<LoadOrders> => {
      writeFileSync(join(folder, name), (await bundleResource(packageVersion(), entry)).server);
      return { folder, script: join(folder, name) };
    };
    const scripts = [
      await bundled('web-servers.js', join(import.meta.dirname, 'sending-to-web-servers.ts')),
      await bundled('both.js', join(import.meta.dirname, 'sending-to-both.ts')),
      await bundled('server.js'),
    ];
    const loading = join(import.meta.dirname, '..', 'event', 'load-time.ts');
    const loads: number[][] = [];
    for (let pair = 0; pair < pairs; pair += 1) {
      const took: number[] = [];
      for (const script of scripts) took.push((await measureInProcess<{ load: number }>(loading, script)).load);
      loads.push(took);
    }
    const ms = (column: number) => median(loads.map((took) => took[column] ?? 0)).toFixed(1);
    const names = ['what web servers need', 'the same and what streams need', 'the server script'];
    for (const line of table(names.map((name, column) => [name, ms(column)]))) print(line);
    // At most: of what streams import, most is there without them.
    const load = ratioOf(
      loads.map(([empty = 0, streams = 0, whole = 0]) => [whole - (streams - empty), whole] as const),
    );

    const goals = describeGoals([
      { name: '4 workers / 1 worker', ...scaling, atLeast: 3.2 },
      { name: 'an event to a stream / to a web server', ...cost, atMost: 1.1 },
      { name: 'load with streams / without', ...load, atMost: 1.05 },
    ]);
    for (const line of goals) print(line);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
