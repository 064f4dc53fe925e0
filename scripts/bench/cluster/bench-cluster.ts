import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleResource } from '../../build/bundle.ts';
import { packageVersion } from '../../build/versions.ts';
import { NATS_SERVER } from '../../nats-server.ts';
import type { LoadOrders } from '../event/load-time.ts';
import { measureInProcess, measurePairs } from '../processes.ts';
import { type Benchmark, median, ratioOf, table } from '../report.ts';
import type { CostOrders } from './forwarding-cost.ts';
import { measureWorkers, openStream } from './throughput.ts';

const ROUNDS = 3;
const EVENTS = 1_200;
const HANDLING_MS = 5;
const WORKERS = [1, 2, 4] as const;
const COST_EVENTS = 4_000;
const COST_PROGRAM = join(import.meta.dirname, 'forwarding-cost.ts');

type Print = (line: string) => void;

/** How workers scale, and what a stream as a target costs the game beside a web server; all in one run, in turns. */
export const benchCluster: Benchmark = async ({ pairs }, print, folder) => {
  if (NATS_SERVER === null) throw new Error('There is no nats-server here: install it first.');
  return [
    { name: '4 workers / 1 worker', ...(await compareWorkers(folder, print)), atLeast: 3.2 },
    { name: 'an event to a stream / to a web server', ...(await compareTargets(folder, pairs, print)), atMost: 1.1 },
    { name: 'load with streams / without', ...(await compareLoading(folder, pairs, print)), atMost: 1.05 },
  ];
};

/** @returns how many times as much four workers handle as one */
async function compareWorkers(folder: string, print: Print) {
  print(
    `Events a second whose handler waits ${HANDLING_MS} ms, one at a time each (${EVENTS} events, ${ROUNDS} rounds)`,
  );
  const stream = await openStream();
  const listener: CostOrders = { to: 'handling', folder, events: EVENTS };
  const rounds: number[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const rates: number[] = [];
    for (const workers of WORKERS) rates.push(await measureWorkers(stream, workers, EVENTS, HANDLING_MS));
    rates.push((await measureInProcess<{ rate: number }>(COST_PROGRAM, listener)).rate);
    rounds.push(rates);
  }
  await stream.close();
  const names = WORKERS.map((workers) => `${workers} worker${workers > 1 ? 's' : ''}`);
  printMedians([...names, 'one HTTP listener (all at once)'], rounds, 0, print);
  return ratioOf(rounds.map(([one = 0, , four = 0]) => [one, four] as const));
}

/** @returns how many times as much an event to a stream costs as one to a web server */
async function compareTargets(folder: string, pairs: number, print: Print) {
  print(`\nProcessor time of the game's thread for an event that is forwarded, µs (${pairs} pairs)`);
  const subjects = (['http', 'nats'] as const).map((to): CostOrders => ({ to, folder, events: COST_EVENTS }));
  const costs = await measurePairs<{ cpu: number }>(pairs, COST_PROGRAM, subjects as [CostOrders, CostOrders]);
  const figures = costs.map(([http, nats]) => [http.cpu, nats.cpu] as const);
  printMedians(['to a web server', 'to a stream'], figures, 0, print);
  return ratioOf(figures);
}

/** @returns how many times as long the server script takes to load as it would without streams */
async function compareLoading(folder: string, pairs: number, print: Print) {
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
  const names = ['what web servers need', 'the same and what streams need', 'the server script'];
  printMedians(names, loads, 1, print);
  // At most: of what streams import, most is there without them.
  return ratioOf(loads.map(([empty = 0, streams = 0, whole = 0]) => [whole - (streams - empty), whole] as const));
}

/** @param rounds the figures of each round, in the order of the names */
function printMedians(names: readonly string[], rounds: readonly (readonly number[])[], digits: number, print: Print) {
  const medianOf = (column: number) => median(rounds.map((figures) => figures[column] ?? 0)).toFixed(digits);
  for (const line of table(names.map((name, column) => [name, medianOf(column)]))) print(line);
}
