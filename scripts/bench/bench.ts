import { parseArgs } from 'node:util';
import { runProgram } from '../is-program.ts';
import { benchCluster } from './cluster/bench-cluster.ts';
import { benchEvent } from './event/bench-event.ts';
import { benchPage } from './event/bench-page.ts';
import { benchForward } from './forward/bench-forward.ts';
import { benchGame } from './game/bench-game.ts';
import { type BenchOptions, BENCH_DEFAULTS as DEFAULTS } from './report.ts';
import { benchListener } from './servers/compare-servers.ts';

const BENCH_USAGE = `npm run bench [-- name] [options]
  --events N     events measured without sockets, in each process; default ${DEFAULTS.events}
  --warmup N     events before them, which the engine needs to compile; default ${DEFAULTS.warmup}
  --requests N   requests measured over sockets, of each server; default ${DEFAULTS.requests}
  --pairs N      pairs of processes that take turns; default ${DEFAULTS.pairs}`;

/** Each prints its figures as they are known. */
const benchmarks = {
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
  if (!Object.hasOwn(benchmarks, options.name)) {
    const names = Object.keys(benchmarks).join(', ');
    throw new Error(`There is no benchmark "${options.name}", only: ${names}.\n\n${BENCH_USAGE}`);
  }
  await benchmarks[options.name as keyof typeof benchmarks](options, print);
}

await runProgram(import.meta.url, () => bench(process.argv.slice(2), console.log));
