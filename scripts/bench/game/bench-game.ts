import { createHistogram, performance, type RecordableHistogram } from 'node:perf_hooks';
import { type Benchmark, type BenchOptions, table } from '../report.ts';
import { createGameEvents, type GameSize, gameEventTypes } from './game-events.ts';
import { createGamePipeline } from './game-pipeline.ts';

const PLAYERS = 2_000;
const UNITS = [10, 1_000, 10_000];

/** What dispatching an event costs however many units and calls there are. */
export const benchGame: Benchmark = async ({ events, warmup }, print) => {
  const sizes = UNITS.map((units): GameSize => ({ units, players: PLAYERS }));
  print(`State, subscribers, net events and notifications, without the game server; ${PLAYERS} players`);
  print('Every event is about units whose players are connected, and reaches as many of them at each size');
  const costs = measureGame(sizes, { events, warmup });

  print(`\nDispatching one event, µs (${events} events after ${warmup} of each size, taking turns)`);
  for (const line of costTable(costs)) print(line);

  const [least, most] = [costs[0], costs.at(-1)] as [GameCost, GameCost];
  return [
    { name: '10,000 / 10 at p50', value: most.p50 / least.p50, atMost: 1.5 },
    { name: '10,000 / 10 in CPU', value: most.cpu / least.cpu, atMost: 1.5 },
  ];
};

function costTable(costs: readonly GameCost[]): string[] {
  const row = (name: string, figure: (cost: GameCost) => number) => {
    const figures = costs.map(figure);
    return [name, ...figures.map((value) => value.toFixed(1)), ((figures.at(-1) ?? 0) / (figures[0] ?? 0)).toFixed(2)];
  };
  const types = costs[0]?.byType.map(({ type }) => type) ?? [];
  return table([
    ['units and calls', ...costs.map(({ size }) => String(size.units)), 'ratio'],
    row('p50', ({ p50 }) => p50),
    row('p99', ({ p99 }) => p99),
    row('CPU', ({ cpu }) => cpu),
    ...types.map((type, index) => row(`  ${type}`, ({ byType }) => byType[index]?.p50 ?? Number.NaN)),
    row('subscriber calls an event', ({ done }) => done.subscriber),
    row('local events an event', ({ done }) => done.local),
    row("events to players' games", ({ done }) => done.net),
  ]);
}

/** The sizes take turns, so that a machine that becomes slower does so for all. A whole number of rounds of all types. */
const BLOCK = 20 * gameEventTypes.length;
/** So seldom that notifications are not held back as a burst, of which few players would see more than many. */
const BETWEEN_EVENTS_MS = 10_000;

/** @param options how many events of each size, and how many before them that do not count */
export function measureGame(
  sizes: readonly GameSize[],
  { events, warmup }: Pick<BenchOptions, 'events' | 'warmup'>,
): GameCost[] {
  const runners = sizes.map(createRunner);
  const rounds = (total: number) => {
    for (let round = 0; round < Math.ceil(total / BLOCK); round += 1) {
      // Each size is first as often as it is last.
      for (let turn = 0; turn < runners.length; turn += 1) runners[(round + turn) % runners.length]?.run();
    }
  };
  rounds(warmup);
  for (const runner of runners) runner.forget();
  rounds(events);
  return runners.map((runner) => runner.finish());
}

function createRunner(size: GameSize) {
  const pipeline = createGamePipeline(size);
  const { initial, at } = createGameEvents(size);
  for (const received of initial) pipeline.dispatch(received);
  pipeline.advance(BETWEEN_EVENTS_MS);
  let index = 0;
  const times = gameEventTypes.map(() => createHistogram());
  const all = createHistogram();
  let cpu = 0;

  return {
    run() {
      // A block is a whole number of rounds of all types.
      let turn = 0;
      const block = Array.from({ length: BLOCK }, (_, offset) => at(index + offset));
      index += BLOCK;
      const before = process.threadCpuUsage();
      for (const received of block) {
        const began = performance.now();
        pipeline.dispatch(received);
        const nanoseconds = Math.max(1, Math.round((performance.now() - began) * 1e6));
        all.record(nanoseconds);
        times[turn % times.length]?.record(nanoseconds);
        turn += 1;
        pipeline.advance(BETWEEN_EVENTS_MS);
      }
      const { user, system } = process.threadCpuUsage(before);
      cpu += user + system;
    },
    forget() {
      for (const histogram of [all, ...times]) histogram.reset();
      cpu = 0;
      pipeline.done();
    },
    /** What dispatching one event costs the game's main thread, in microseconds. */
    finish() {
      const { subscriber, local, net } = pipeline.done();
      const each = (count: number) => count / all.count;
      const percentile = (histogram: RecordableHistogram, share: number) => histogram.percentile(share) / 1000;
      return {
        size,
        p50: percentile(all, 50),
        p99: percentile(all, 99),
        /** Of the main thread, the collection of garbage included as far as it runs there. */
        cpu: each(cpu),
        byType: gameEventTypes.map((type, kind) => ({
          type,
          p50: percentile(times[kind] ?? all, 50),
        })),
        /** Calls and events, an event: the same at each size, or nothing could be compared. */
        done: { subscriber: each(subscriber), local: each(local), net: each(net) },
      };
    },
  };
}

type GameCost = ReturnType<ReturnType<typeof createRunner>['finish']>;
