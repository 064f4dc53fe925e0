import { median } from '../percentile.ts';

/** What a block of events took of the main thread, in microseconds, and what of that was not theirs. */
export interface BlockUsage {
  readonly events: number;
  readonly used: number;
  readonly passes: number;
  readonly ticks: number;
  readonly emptyPass: number;
  readonly emptyTick: number;
}

/** @returns microseconds an event: the median of the blocks, and the mean of all events */
export function cpuOfEvents(usages: readonly BlockUsage[]): { cpu: number; cpuMean: number } {
  const emptyPass = median(usages.map((usage) => usage.emptyPass));
  const emptyTick = median(usages.map((usage) => usage.emptyTick));
  const own = usages.map(({ used, passes, ticks }) => used - passes * emptyPass - ticks * emptyTick);
  const events = usages.reduce((sum, usage) => sum + usage.events, 0);
  return {
    cpu: median(own.map((used, index) => used / (usages[index]?.events ?? 1))),
    cpuMean: own.reduce((sum, used) => sum + used, 0) / events,
  };
}

/** @returns microseconds of the main thread */
export async function cpuOf(action: () => Promise<void>): Promise<number> {
  const before = process.threadCpuUsage();
  await action();
  const { user, system } = process.threadCpuUsage(before);
  return user + system;
}
