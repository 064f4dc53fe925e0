import { isProgram } from '../is-program.ts';
import { BENCH_USAGE, type BenchOptions, parseBenchOptions } from './bench-options.ts';
import { benchEvent } from './event/bench-event.ts';
import { benchForward } from './forward/bench-forward.ts';
import { benchGame } from './game/bench-game.ts';
import { benchListener } from './listener/bench-listener.ts';

/** A benchmark: prints its figures as they are known. */
export type Benchmark = (options: BenchOptions, print: (line: string) => void) => Promise<void>;

const benchmarks: Readonly<Record<string, Benchmark>> = {
  event: benchEvent,
  forward: benchForward,
  game: benchGame,
  listener: benchListener,
};

/**
 * Runs the benchmark that the arguments name.
 *
 * @throws a plain Error when there is no such benchmark, or what it measures does not work
 */
export async function bench(args: readonly string[], print: (line: string) => void): Promise<void> {
  const options = parseBenchOptions(args);
  const benchmark = Object.hasOwn(benchmarks, options.name) ? benchmarks[options.name] : undefined;
  if (benchmark === undefined)
    throw new Error(
      `There is no benchmark "${options.name}", only: ${Object.keys(benchmarks).join(', ')}.\n\n${BENCH_USAGE}`,
    );
  await benchmark(options, print);
}

if (isProgram(import.meta.url)) {
  try {
    await bench(process.argv.slice(2), console.log);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
