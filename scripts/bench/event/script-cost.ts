import { performance } from 'node:perf_hooks';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { FxHost } from '../../fxhost/host.ts';
import { median, percentile } from '../percentile.ts';
import { type BenchFolder, type Subject, startSubject } from './bench-resources.ts';
import { type BlockUsage, cpuOf, cpuOfEvents } from './cpu-usage.ts';
import { createStopwatch, pass } from './stopwatch.ts';

/** What one event costs the game's main thread, in microseconds. */
export interface ScriptCost {
  /** From the call of the native handler until the answer is sent and the subscriber was called. */
  readonly p50: number;
  readonly p99: number;
  /**
   * Of the main thread, what comes after the subscriber and the release of references included: the median of blocks of 500 events. A
   * large garbage collection is in none or in one of them, whosever garbage it was.
   */
  readonly cpu: number;
  /** The same as the mean of all events: with the large collections, and the engine's compiling of what is not warm yet. */
  readonly cpuMean: number;
  /** What one pass over the event loop costs when there is nothing to do, and is not in the figures above. */
  readonly emptyPass: number;
  /** Functions that crossed between resources and were not freed, beyond those there at the start. */
  readonly leaked: number;
}

export interface ScriptCostOptions {
  readonly events: number;
  readonly warmup: number;
}

/** What a resource still prepares in its first seconds is no cost of an event. */
const SETTLED_AFTER_MS = 4_000;
/** The two take turns, so that a machine that becomes slower does so for both. */
const BLOCK = 500;
/** References are freed at ticks, of which there are 20 a second. */
const EVENTS_A_TICK = 50;
/** Measured after each block. */
const EMPTY_PASSES = 50;
const EMPTY_TICKS = 5;

/** Measures both without sockets. @throws when an event was not answered `ok` or reached no subscriber. */
export async function measureScriptCost(
  folder: BenchFolder,
  { events, warmup }: ScriptCostOptions,
): Promise<Readonly<Record<Subject, ScriptCost>>> {
  const bare = await createRunner('bare', folder);
  const whole = await createRunner('whole', folder);
  await setTimeout(SETTLED_AFTER_MS);
  for (const size of blocks(warmup)) {
    await bare.run(size);
    await whole.run(size);
  }
  bare.forget();
  whole.forget();
  for (const size of blocks(events)) {
    await bare.run(size);
    await whole.run(size);
  }
  return { bare: await bare.finish(), whole: await whole.finish() };
}

function blocks(total: number): number[] {
  return Array.from({ length: Math.ceil(total / BLOCK) }, (_, index) => Math.min(BLOCK, total - index * BLOCK));
}

async function createRunner(subject: Subject, folder: BenchFolder) {
  const host = await startSubject(subject, folder, { manualTicks: true });
  host.tick(2);
  host.pump();
  await setImmediate();
  const references = host.countRefs('sonorancad');
  const one = createStopwatch(host);
  let events: { readonly took: number; readonly passes: number }[] = [];
  let emptyPasses: number[] = [];
  let usages: BlockUsage[] = [];

  const tick = async () => {
    host.tick();
    await setImmediate();
  };
  const timePass = async () => {
    const began = performance.now();
    await pass(host);
    emptyPasses.push((performance.now() - began) * 1000);
  };

  return {
    async run(count: number): Promise<void> {
      let passes = 0;
      let ticks = 0;
      const used = await cpuOf(async () => {
        for (let index = 0; index < count; index += 1) {
          const event = await one();
          events.push(event);
          passes += event.passes;
          if (index % EVENTS_A_TICK !== EVENTS_A_TICK - 1) continue;
          ticks += 1;
          await tick();
        }
      });
      const emptyPass = (await cpuOf(() => repeat(EMPTY_PASSES, timePass))) / EMPTY_PASSES;
      const emptyTick = (await cpuOf(() => repeat(EMPTY_TICKS, tick))) / EMPTY_TICKS;
      usages.push({ events: count, used, passes, ticks, emptyPass, emptyTick });
    },
    forget() {
      events = [];
      emptyPasses = [];
      usages = [];
    },
    async finish(): Promise<ScriptCost> {
      const leaked = (await freeReferences(host)) - references;
      await host.close();
      const emptyPass = median(emptyPasses);
      const times = Float64Array.from(events, ({ took, passes }) => took - passes * emptyPass).sort();
      return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), ...cpuOfEvents(usages), emptyPass, leaked };
    },
  };
}

async function repeat(times: number, action: () => Promise<void>): Promise<void> {
  for (let time = 0; time < times; time += 1) await action();
}

/** @returns how many of the resource's functions are still held after all garbage is gone */
async function freeReferences(host: FxHost): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await setImmediate();
    host.tick();
  }
  return host.countRefs('sonorancad');
}
