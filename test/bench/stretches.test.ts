import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { watchStretches } from '../../scripts/bench/forward/stretches.ts';

function hold(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

describe('watching for how long the main thread is held', () => {
  it('sees the longest stretch, and not the sum of several', async () => {
    const end = watchStretches([]);
    await sleep(5);
    hold(60);
    await sleep(5);
    const { byClock, longest } = end();
    expect(byClock).toBeGreaterThanOrEqual(60);
    expect(longest).toBeLessThanOrEqual(byClock);
  });

  it('takes flushes out', async () => {
    const flushes: number[] = [];
    const end = watchStretches(flushes);
    await sleep(5);
    hold(300);
    flushes.push(1_000_000);
    await sleep(5);
    hold(20);
    await sleep(5);
    const { byClock } = end();
    expect(byClock).toBeGreaterThanOrEqual(20);
    expect(byClock).toBeLessThan(300);
  });
});
