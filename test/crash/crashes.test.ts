import { describe, expect, it } from '@jest/globals';
import { crashRun } from './crash-run.ts';
import { expectConsistentBooks, expectOneIdEach } from './expectations.ts';
import { KILL_POINTS } from './kill-points.ts';

const half = KILL_POINTS.length / 2;

describe('a server that is killed', () => {
  // One after the other in two runs, so that each of these deaths but the first happens over what another has left.
  it.concurrent.each([[KILL_POINTS.slice(0, half)], [KILL_POINTS.slice(half)]])(
    'has lost nothing that it answered ok, at %j',
    async (points) => {
      const lives = points.map((point, index) => ({ point, occurrence: 24 + 5 * index }));
      const run = await crashRun({ events: 200, lives });
      expect(run.signals).toEqual(points.map(() => 'SIGKILL'));
      expect(run.answered.length).toBeGreaterThan(180);
      expect(run.missing).toEqual([]);
      expectOneIdEach(run);
      expectConsistentBooks(run);
    },
  );

  it.concurrent('delivers again, under its own id, what the target has answered and nobody has written down', async () => {
    const run = await crashRun({ events: 40, lives: [{ point: 'before the mark', occurrence: 12 }] });
    expect([...run.ids.values()].filter((each) => each.length > 1)).toHaveLength(1);
    expectOneIdEach(run);
  });
});

describe('a server whose power is cut', () => {
  it.concurrent('has lost at most what came after the last flush, and its books are consistent', async () => {
    const run = await crashRun({
      events: 500,
      everyMs: 40,
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
