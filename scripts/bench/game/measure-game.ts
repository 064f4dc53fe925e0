import { performance } from 'node:perf_hooks';
import { median, percentile } from '../percentile.ts';
import { createGameEvents, type GameSize, gameEventTypes } from './game-events.ts';
import { createGamePipeline } from './game-pipeline.ts';

/** What dispatching one event costs the game's main thread at one size, in microseconds. */
export interface GameCost {
  readonly size: GameSize;
  readonly p50: number;
  readonly p99: number;
  /** Of the main thread, the collection of garbage included as far as it runs there. */
  readonly cpu: number;
  /** The median of each type. */
  readonly byType: readonly { readonly type: string; readonly p50: number }[];
  /** Calls of a subscriber, local events and events to players' games, an event. The same at each size, or nothing could be compared. */
  readonly done: { readonly subscriber: number; readonly local: number; readonly net: number };
}

export interface MeasureGameOptions {
  /** Of each size. */
  readonly events: number;
  /** Events before them that do not count. */
  readonly warmup: number;
}

/** The sizes take turns, so that a machine that becomes slower does so for all. A whole number of rounds of all types. */
const BLOCK = 20 * gameEventTypes.length;
/** So seldom that notifications are not held back as a burst, of which few players would see more than many. */
const BETWEEN_EVENTS_MS = 10_000;

export function measureGame(sizes: readonly GameSize[], { events, warmup }: MeasureGameOptions): GameCost[] {
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
  pipeline.clock.advance(BETWEEN_EVENTS_MS);
  let index = 0;
  let times: number[] = [];
  let cpu = 0;

  return {
    run() {
      const block = Array.from({ length: BLOCK }, (_, offset) => at(index + offset));
      index += BLOCK;
      const before = process.threadCpuUsage();
      for (const received of block) {
        const began = performance.now();
        pipeline.dispatch(received);
        times.push((performance.now() - began) * 1000);
        pipeline.clock.advance(BETWEEN_EVENTS_MS);
      }
      const { user, system } = process.threadCpuUsage(before);
      cpu += user + system;
    },
    forget() {
      times = [];
      cpu = 0;
      pipeline.done();
    },
    finish(): GameCost {
      const { subscriber, local, net } = pipeline.done();
      const each = (count: number) => count / times.length;
      const kinds = gameEventTypes.length;
      return {
        size,
        p50: median(times),
        p99: percentile(Float64Array.from(times).sort(), 0.99),
        cpu: each(cpu),
        byType: gameEventTypes.map((type, kind) => ({
          type,
          p50: median(times.filter((_, position) => position % kinds === kind)),
        })),
        done: { subscriber: each(subscriber), local: each(local), net: each(net) },
      };
    },
  };
}
