import { expect } from '@jest/globals';
import type { CrashRun } from './crash-run.ts';

/** Every event came under one id, however often it came. */
export function expectOneIdEach({ ids }: CrashRun): void {
  const several = [...ids].filter(([, each]) => new Set(each).size > 1);
  expect(several).toEqual([]);
}

/** What the last life has taken in and found is what it has delivered. */
export function expectConsistentBooks({ status }: CrashRun): void {
  expect(status.store).toMatchObject({ broken: false, unusedBecause: null });
  expect(status.targets).toHaveLength(1);
  for (const { queued, deadLetters, counts } of status.targets) {
    expect(counts.delivered).toBe(counts.accepted + counts.recovered);
    expect({ queued, deadLetters, lost: counts.lost }).toEqual({ queued: 0, deadLetters: 0, lost: 0 });
  }
}
