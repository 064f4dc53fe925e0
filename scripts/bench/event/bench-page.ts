import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleResource } from '../../build/bundle.ts';
import { packageVersion } from '../../build/versions.ts';
import { measureTurns } from '../processes.ts';
import { type BenchOptions, describeGoals, median, table } from '../report.ts';
import { rowOf } from './bench-event.ts';
import { BLOCK, type EventCost, type SubjectOrders } from './subject.ts';

/** What the operator's page adds to the cost of an event, without a viewer and with four streams open. */
export async function benchPage({ events, warmup, pairs }: BenchOptions, print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-bench-'));
  try {
    const serverScript = join(folder, 'server.js');
    writeFileSync(serverScript, (await bundleResource(packageVersion())).server);
    const orders: SubjectOrders = { subject: 'whole', folder, serverScript, warmup };
    const compare = async (page: 'idle' | 'open', words: string) => {
      print(
        `\n${words}, µs an event (${events} events after ${warmup} in each process, ${pairs} pairs that take turns)`,
      );
      const subjects = [
        { ...orders, page: 'off' },
        { ...orders, page },
      ] as const;
      const costs = await measureTurns<EventCost>(
        pairs,
        Math.ceil(events / BLOCK),
        join(import.meta.dirname, 'subject.ts'),
        subjects,
      );
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
    const goals = describeGoals([
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
    ]);
    for (const line of goals) print(line);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
