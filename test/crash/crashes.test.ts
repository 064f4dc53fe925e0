import { describe, expect, it } from '@jest/globals';
import { crashRun } from './crash-run.ts';
import { expectConsistentBooks, expectOneIdEach } from './expectations.ts';
import { KILL_POINTS } from './kill-points.ts';

describe('a server that is killed', () => {
  it.concurrent('has lost nothing that it answered ok, wherever on the way of an event that happens', async () => {
    // Each of these deaths but the first happens over what another has left.
    const lives = KILL_POINTS.map((point, index) => ({ point, occurrence: 10 + 3 * index }));
    const run = await crashRun({ events: 300, lives });
    expect(run.signals).toEqual(lives.map(() => 'SIGKILL'));
    expect(run.answered.length).toBeGreaterThan(260);
    expect(run.missing).toEqual([]);
    // What a target has got and nobody has written down is delivered again: one event a death at most.
    const again = [...run.ids.values()].filter((each) => each.length > 1);
    expect(again.length).toBeGreaterThan(0);
    expect(again.length).toBeLessThanOrEqual(lives.length);
    expectOneIdEach(run);
    expectConsistentBooks(run);
  });
});

describe('a server whose power is cut', () => {
  it.concurrent('has lost at most what came after the last flush, and its books are consistent', async () => {
    const run = await crashRun({
      events: 300,
      everyMs: 100,
      powerLoss: true,
      lives: [
        { point: 'after the store', occurrence: 25, afterFlushes: 1, targetDown: true },
        { point: 'after the mark', occurrence: 25, afterFlushes: 1 },
      ],
    });
    expect(run.signals).toEqual(['SIGKILL', 'SIGKILL']);
    const came = new Set([...run.ids.values()].flat());
    for (const { flushed, unflushed } of run.stored) {
      expect(flushed.length).toBeGreaterThan(0);
      expect(flushed.filter((id) => !came.has(id))).toEqual([]);
      expect(unflushed.length).toBeGreaterThan(0);
    }
    // Without any of these the power was never cut.
    expect(run.stored[0]?.unflushed.filter((id) => !came.has(id))).not.toEqual([]);
    const unflushed = run.stored.reduce((count, life) => count + life.unflushed.length, 0);
    expect(run.missing.length).toBeLessThanOrEqual(unflushed);
    expectOneIdEach(run);
    expectConsistentBooks(run);
  });
});
