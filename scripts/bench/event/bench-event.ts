import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleResource } from '../../build/bundle.ts';
import { packageVersion } from '../../build/versions.ts';
import { measurePairs, measureTurns } from '../processes.ts';
import { type Benchmark, type BenchOptions, median, ratioOf, table } from '../report.ts';
import { BENCH_TYPE, EVENTS_A_TURN, eventBody } from '../requests.ts';
import { compareServers } from '../servers/compare-servers.ts';
import type { LoadOrders } from './load-time.ts';
import type { EventCost, SubjectOrders } from './subject.ts';

/** What one event costs, from the game port to one subscriber, and what loading costs, beside the least that it could cost. */
export const benchEvent: Benchmark = async (options, print, folder) => {
  const { events, warmup, requests, pairs } = options;
  const serverScript = await writeServer(folder, 'server.js');
  const koaAlone = await writeServer(folder, 'koa-alone.js', join(import.meta.dirname, 'koa-alone.ts'));
  print(`${BENCH_TYPE}, ${eventBody().length} bytes, Node ${process.versions.node}`);
  print(
    '(a) bare: SetHttpHandler, JSON.parse, emit, writeHead, send   (b) whole: this resource, one onPushEvent subscriber',
  );

  print(
    `\nWithout sockets, µs an event (${events} events after ${warmup} in each process, ${pairs} pairs that take turns)`,
  );
  const orders: Omit<SubjectOrders, 'subject'> = { folder, serverScript, warmup };
  const subjects = [
    { ...orders, subject: 'bare' },
    { ...orders, subject: 'whole' },
  ] as const;
  const costs = await measureSubjects(options, subjects);
  const p50 = rowOf('p50', costs, (cost) => cost.p50);
  const cpu = rowOf('CPU', costs, (cost) => cost.cpu);
  const rows = [p50, rowOf('p99', costs, (cost) => cost.p99), cpu].map(({ cells }) => cells);
  for (const line of table([['', '(a) bare', '(b) whole', 'b/a', 'least', 'most'], ...rows])) print(line);
  const leaked = costs.map(([bare, whole]) => `${bare.leaked}/${whole.leaked}`);
  print(`references not freed: ${leaked.join(' ')}`);

  print(`\nLoading the script, ms (${pairs} pairs of fresh processes)`);
  const scripts = [koaAlone, serverScript].map((script): LoadOrders => ({ folder, script }));
  const loading = join(import.meta.dirname, 'load-time.ts');
  const loads = await measurePairs<{ load: number }>(pairs, loading, scripts as [LoadOrders, LoadOrders]);
  const load = rowOf('load', loads, (measured) => measured.load);
  for (const line of table([['', 'Koa alone', 'server.js', 'ratio', 'least', 'most'], load.cells])) print(line);

  print(`\nOver sockets, requests a second (${requests} requests of each, taking turns)`);
  const rate = await compareServers(['plain', 'pipeline'], requests, false);
  const served = table([
    ["(c) pipeline: this resource's behind node:http", rate.rates[1].toFixed(0)],
    ['(d) plain: node:http, JSON.parse, ok', rate.rates[0].toFixed(0)],
  ]);
  for (const line of served) print(line);

  return [
    { name: 'b/a at p50', ...p50.ratio, atMost: 2.4 },
    { name: 'b/a in CPU', ...cpu.ratio, atMost: 2.4 },
    { name: 'load by that of Koa alone', ...load.ratio, atMost: 2 },
    { name: 'c/d', ...rate.ratio, atLeast: 0.4 },
  ];
};

/** What the operator's page adds to the cost of an event, without a viewer and with four streams open. */
export const benchPage: Benchmark = async (options, print, folder) => {
  const { events, warmup, pairs } = options;
  const serverScript = await writeServer(folder, 'server.js');
  const orders: SubjectOrders = { subject: 'whole', folder, serverScript, warmup };
  const compare = async (page: 'idle' | 'open', words: string) => {
    print(`\n${words}, µs an event (${events} events after ${warmup} in each process, ${pairs} pairs that take turns)`);
    const subjects = [
      { ...orders, page: 'off' },
      { ...orders, page },
    ] as const;
    const costs = await measureSubjects(options, subjects);
    const p50 = rowOf('p50', costs, (cost) => cost.p50);
    const cpu = rowOf('CPU', costs, (cost) => cost.cpu);
    const longest = [
      rowOf('longest hold', costs, (cost) => cost.longest.all * 1000),
      rowOf('  without collections of garbage', costs, (cost) => cost.longest.own * 1000),
    ];
    const rows = [p50, rowOf('p99', costs, (cost) => cost.p99), cpu, ...longest].map(({ cells }) => cells);
    for (const line of table([['', 'inspector: false', words, 'ratio', 'least', 'most'], ...rows])) print(line);
    return {
      p50: p50.ratio,
      cpu: cpu.ratio,
      longer: median(costs.map(([without, { longest }]) => longest.own - without.longest.own)),
    };
  };
  const idle = await compare('idle', 'without a viewer');
  const open = await compare('open', 'four streams');
  return [
    { name: 'without a viewer, p50', ...idle.p50, atMost: 1.05 },
    { name: 'without a viewer, CPU', ...idle.cpu, atMost: 1.05 },
    { name: 'four streams, p50', ...open.p50, atMost: 1.15 },
    { name: 'four streams, CPU', ...open.cpu, atMost: 1.15 },
    {
      name: "longest hold of the game's thread, beyond that without the page",
      value: open.longer,
      unit: ' ms',
      atMost: 5,
    },
  ];
};

/** Builds a server script. @returns its path */
async function writeServer(folder: string, name: string, entry?: string): Promise<string> {
  writeFileSync(join(folder, name), (await bundleResource(packageVersion(), entry)).server);
  return join(folder, name);
}

const measureSubjects = ({ events, pairs }: BenchOptions, subjects: readonly [SubjectOrders, SubjectOrders]) =>
  measureTurns<EventCost>(pairs, Math.ceil(events / EVENTS_A_TURN), join(import.meta.dirname, 'subject.ts'), subjects);

/** The medians of both, and the median, the least and the most of the pairs' ratios. */
function rowOf<Figures>(
  name: string,
  pairs: readonly (readonly [Figures, Figures])[],
  figure: (figures: Figures) => number,
) {
  const figures = pairs.map(([first, second]) => [figure(first), figure(second)] as const);
  const ratio = ratioOf(figures);
  const medians = [median(figures.map(([first]) => first)), median(figures.map(([, second]) => second))];
  const cells = [
    ...medians.map((value) => value.toFixed(1)),
    ...[ratio.value, ...ratio.spread].map((value) => value.toFixed(2)),
  ];
  return { ratio, cells: [name, ...cells] };
}
