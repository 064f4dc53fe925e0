import { describe, expect, it } from '@jest/globals';
import { crashRun } from '../crash/crash-run.ts';
import { expectConsistentBooks, expectOneIdEach } from '../crash/expectations.ts';
import { KILL_POINTS } from '../crash/kill-points.ts';

const LIVES = 20;
/** From 1 to 19, in an order that is always the same. */
const occurrenceIn = (life: number): number => 1 + ((life * 7) % 19);

describe('a server that is killed again and again', () => {
  it.each(KILL_POINTS)(
    'has lost nothing that it answered ok, twenty times %s',
    async (point) => {
      const lives = Array.from({ length: LIVES }, (_, life) => ({ point, occurrence: occurrenceIn(life) }));
      const run = await crashRun({ events: 2_000, lives });
      expect(run.signals).toEqual(lives.map(() => 'SIGKILL'));
      expect(run.missing).toEqual([]);
      expectOneIdEach(run);
      expectConsistentBooks(run);
    },
    900_000,
  );

  it('has lost at most what came after the last flush, the power cut ten times', async () => {
    const lives = Array.from({ length: 10 }, (_, life) => ({
      point: KILL_POINTS[life % KILL_POINTS.length] ?? 'after the store',
      occurrence: occurrenceIn(life),
      afterFlushes: 1,
    }));
    const run = await crashRun({ events: 20_000, everyMs: 40, powerLoss: true, lives });
    const came = new Set([...run.ids.values()].flat());
    expect(run.signals).toEqual(lives.map(() => 'SIGKILL'));
    expect(run.stored.flatMap(({ flushed }) => flushed).filter((id) => !came.has(id))).toEqual([]);
    expectOneIdEach(run);
    expectConsistentBooks(run);
  }, 900_000);
});
