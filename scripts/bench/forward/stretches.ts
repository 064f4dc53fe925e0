import { existsSync, openSync, readSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';

/** How long the main thread was held in one piece, in milliseconds. */
interface Stretches {
  /** By the clock, which runs on while another process has the core. */
  readonly byClock: number;
  /** Without the time in which the thread could have run and another process had the core. */
  readonly longest: number;
}

/** The second number: nanoseconds for which this thread waited for a core (Linux only; elsewhere nothing is taken off). */
const SCHEDULER_FIGURES = '/proc/thread-self/schedstat';

/**
 * Looks each millisecond how long the event loop has been busy since it last could look; what is found is too long by that
 * millisecond at most. Flushes are taken out: they are known, and wait for the disk. The thread's CPU time would be the
 * simpler figure, but many kernels count that in ticks of 4 ms.
 *
 * @param flushes gets longer with each flush
 * @returns a function that ends it and gives what was seen
 */
export function watchStretches(flushes: readonly number[]): () => Stretches {
  const waited = createWaitReader();
  let byClock = 0;
  let longest = 0;
  let seenFlushes = flushes.length;
  let waitedBefore = waited();
  let activeBefore = performance.eventLoopUtilization().active;

  const timer = setInterval(() => {
    const { active } = performance.eventLoopUtilization();
    const waitedNow = waited();
    let held = active - activeBefore;
    for (; seenFlushes < flushes.length; seenFlushes += 1) held -= flushes[seenFlushes] ?? 0;
    byClock = Math.max(byClock, held);
    longest = Math.max(longest, held - (waitedNow - waitedBefore));
    waitedBefore = waitedNow;
    activeBefore = active;
  }, 1);

  return () => {
    clearInterval(timer);
    return { byClock, longest };
  };
}

/** @returns a function that gives for how many milliseconds this thread has waited for a core */
function createWaitReader(): () => number {
  if (!existsSync(SCHEDULER_FIGURES)) return () => 0;
  const file = openSync(SCHEDULER_FIGURES, 'r');
  const buffer = Buffer.alloc(128);
  return () => {
    const length = readSync(file, buffer, 0, buffer.length, 0);
    return Number(buffer.toString('latin1', 0, length).split(' ')[1]) / 1e6;
  };
}
