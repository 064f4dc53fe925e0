import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleResource } from '../../build/bundle.ts';
import { packageVersion } from '../../build/package-version.ts';
import type { BenchOptions } from '../bench-options.ts';
import { describeGoals } from '../goals.ts';
import { table } from '../table.ts';
import { BENCH_TYPE, eventBody } from './event-request.ts';
import { measureLoadTime } from './load-time.ts';
import { measureScriptCost, type ScriptCost } from './script-cost.ts';
import { measureThroughput } from './throughput.ts';

/** What one event costs, from the game port to one subscriber, beside the least that it could cost. */
export async function benchEvent(options: BenchOptions, print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-bench-'));
  try {
    const { server } = await bundleResource(packageVersion());
    const serverScript = join(folder, 'server.js');
    writeFileSync(serverScript, server);
    print(`${BENCH_TYPE}, ${eventBody().length} bytes, Node ${process.versions.node}`);
    print(
      '(a) bare: SetHttpHandler, JSON.parse, emit, writeHead, send   (b) whole: this resource, one onPushEvent subscriber',
    );
    print("(c) pipeline: this resource's behind node:http                (d) plain: node:http, JSON.parse, ok");

    print(`\nWithout sockets, µs an event (${options.events} events after ${options.warmup}, taking turns)`);
    const cost = await measureScriptCost({ path: folder, serverScript: server }, options);
    for (const line of costTable(cost)) print(line);

    print(`\nOver sockets, requests a second (${options.requests} requests after as many, taking turns)`);
    const rate = await measureThroughput(folder, serverScript, options.requests);
    const rows = Object.entries(rate).map(([served, value], index) => [
      `(${'abcd'[index]}) ${served}`,
      value.toFixed(0),
    ]);
    for (const line of table(rows)) print(line);

    print(`\nserver.js (loaded in ${options.loads} fresh processes)`);
    const load = await measureLoadTime(folder, serverScript, options.loads);
    const kilobytes = Math.ceil(server.byteLength / 1000);
    for (const line of table([
      ['size', `${kilobytes} kB`],
      ['load', `${load.toFixed(1)} ms`],
    ]))
      print(line);

    print('\nGoals');
    const goals = describeGoals([
      { name: 'b/a at p50', value: cost.whole.p50 / cost.bare.p50, unit: '', atMost: 1.75 },
      { name: 'b/a in CPU', value: cost.whole.cpu / cost.bare.cpu, unit: '', atMost: 1.75 },
      { name: 'c/d', value: rate.pipeline / rate.plain, unit: '', atLeast: 0.4 },
      { name: 'server.js', value: kilobytes, unit: ' kB', atMost: 450 },
      { name: 'load', value: load, unit: ' ms', atMost: 50 },
    ]);
    for (const line of goals) print(line);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function costTable({ bare, whole }: Readonly<Record<'bare' | 'whole', ScriptCost>>): string[] {
  const row = (name: string, figure: (cost: ScriptCost) => number) => {
    const [a, b] = [figure(bare), figure(whole)];
    return [name, a.toFixed(1), b.toFixed(1), (b - a).toFixed(1), (b / a).toFixed(2)];
  };
  return [
    ...table([
      ['', '(a) bare', '(b) whole', 'added', 'b/a'],
      row('p50', ({ p50 }) => p50),
      row('p99', ({ p99 }) => p99),
      row('CPU', ({ cpu }) => cpu),
      row('CPU mean', ({ cpuMean }) => cpuMean),
    ]),
    'CPU: the median of blocks of 500; the mean has the large garbage collections too, which hit either, and the warming up',
    `references not freed: (a) ${bare.leaked}, (b) ${whole.leaked}`,
    `not counted: passes over the event loop and ticks as far as they cost the same without an event (a pass: (a) ${bare.emptyPass.toFixed(1)}, (b) ${whole.emptyPass.toFixed(1)})`,
  ];
}
