import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runProgram } from '../is-program.ts';
import { benchCluster } from './cluster/bench-cluster.ts';
import { benchEvent, benchPage } from './event/bench-event.ts';
import { benchForward } from './forward/bench-forward.ts';
import { benchGame } from './game/bench-game.ts';
import { type Benchmark, type BenchOptions, BENCH_DEFAULTS as DEFAULTS, describeGoals } from './report.ts';
import { benchListener } from './servers/compare-servers.ts';

const BENCH_USAGE = `npm run bench [-- name] [options]
  --events N     events measured without sockets, in each process; default ${DEFAULTS.events}
  --warmup N     events before them, which the engine needs to compile; default ${DEFAULTS.warmup}
  --requests N   requests measured over sockets, of each server; default ${DEFAULTS.requests}
  --pairs N      pairs of processes that take turns; default ${DEFAULTS.pairs}`;

const benchmarks: Readonly<Record<string, Benchmark>> = {
  cluster: benchCluster,
  event: benchEvent,
  forward: benchForward,
  game: benchGame,
  listener: benchListener,
  page: benchPage,
};

/**
 * Reads the arguments of `npm run bench`.
 *
 * @throws a plain Error whose message is meant for the person who typed them
 */
export function parseBenchOptions(args: readonly string[]): BenchOptions & { readonly name: string } {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: Object.fromEntries(
      Object.entries(DEFAULTS).map(([name, value]) => [name, { type: 'string', default: value } as const]),
    ),
  });
  const [name = 'event', ...rest] = positionals;
  if (rest.length > 0) throw new Error(`One benchmark at a time.\n\n${BENCH_USAGE}`);
  const counts = Object.entries(values).map(([option, text]) => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value > 0) return [option, value];
    throw new Error(`--${option} must be a whole number above 0, and is "${text}".`);
  });
  return { name, ...(Object.fromEntries(counts) as BenchOptions) };
}

/**
 * Runs the benchmark that the arguments name.
 *
 * @throws a plain Error when there is no such benchmark, or what it measures does not work
 */
export async function bench(args: readonly string[], print: (line: string) => void): Promise<void> {
  const options = parseBenchOptions(args);
  const benchmark = Object.hasOwn(benchmarks, options.name) ? benchmarks[options.name] : undefined;
  if (benchmark === undefined) {
    const names = Object.keys(benchmarks).join(', ');
    throw new Error(`There is no benchmark "${options.name}", only: ${names}.\n\n${BENCH_USAGE}`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-bench-'));
  try {
    for (const line of describeGoals(await benchmark(options, print, folder))) print(line);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await runProgram(import.meta.url, () => bench(process.argv.slice(2), console.log));
