import { parseArgs } from 'node:util';
import { isProgram } from '../is-program.ts';
import { benchEvent } from './event/bench-event.ts';
import { benchForward } from './forward/bench-forward.ts';
import { benchGame } from './game/bench-game.ts';
import type { BenchOptions } from './report.ts';
import { benchListener } from './servers/compare-servers.ts';

const DEFAULTS = { events: '6000', warmup: '5000', requests: '6000', pairs: '7' };

const BENCH_USAGE = `npm run bench [-- name] [options]
  --events N     events measured without sockets, in each process; default ${DEFAULTS.events}
  --warmup N     events before them; default ${DEFAULTS.warmup}
  --requests N   requests measured over sockets, of each server; default ${DEFAULTS.requests}
  --pairs N      pairs of processes that take turns; default ${DEFAULTS.pairs}`;

/** Each prints its figures as they are known. */
const benchmarks = { event: benchEvent, forward: benchForward, game: benchGame, listener: benchListener };

/**
 * Reads the arguments of `npm run bench`.
 *
 * @throws a plain Error whose message is meant for the person who typed them
 */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const option = (name: keyof typeof DEFAULTS) => ({ type: 'string', default: DEFAULTS[name] }) as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      events: option('events'),
      warmup: option('warmup'),
      requests: option('requests'),
      pairs: option('pairs'),
    },
  });
  const [name = 'event', ...rest] = positionals;
  if (rest.length > 0) throw new Error(`One benchmark at a time.\n\n${BENCH_USAGE}`);
  const count = (option: keyof typeof DEFAULTS): number => {
    const value = Number(values[option]);
    if (Number.isSafeInteger(value) && value > 0) return value;
    throw new Error(`--${option} must be a whole number above 0, and is "${values[option]}".`);
  };
  return {
    name,
    events: count('events'),
    warmup: count('warmup'),
    requests: count('requests'),
    pairs: count('pairs'),
  };
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

if (isProgram(import.meta.url)) {
  try {
    await bench(process.argv.slice(2), console.log);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
