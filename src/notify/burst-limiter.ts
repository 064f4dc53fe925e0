import type { Clock } from '../lib/clock.ts';
import { RateLimit } from '../lib/rate-limit.ts';

/** Notifications that one player gets; the rest comes as one summary. */
const LIMIT = { most: 5, windowMs: 10_000, maxKeys: 2_048 };

/**
 * Keeps a burst of notifications from filling a player's screen.
 *
 * @param summarise is told what was kept back from a player: how many of what
 */
export function createBurstLimiter(
  clock: Clock,
  summarise: (source: number, counts: ReadonlyMap<string, number>) => void,
) {
  const usual = new RateLimit<number>(LIMIT, clock);
  const urgent = new RateLimit<number>(LIMIT, clock);
  const keptBack = new Map<number, Map<string, number>>();
  let isSummaryDue = false;

  function flush(): void {
    isSummaryDue = false;
    const due = [...keptBack];
    keptBack.clear();
    for (const [source, counts] of due) summarise(source, counts);
  }

  return {
    /**
     * @param what the trigger, for the summary
     * @param isUrgent counted separately, so that no burst of others keeps an alarm back
     * @returns whether it may be shown now; else it is counted
     */
    admit(source: number, what: string, isUrgent: boolean): boolean {
      if ((isUrgent ? urgent : usual).take(source)) return true;
      if (!isSummaryDue) clock.after(LIMIT.windowMs, flush);
      isSummaryDue = true;
      const counts = keptBack.get(source) ?? new Map<string, number>();
      counts.set(what, (counts.get(what) ?? 0) + 1);
      keptBack.set(source, counts);
      return false;
    },
    /** To be called when a player has left. */
    forget(source: number): void {
      for (const perPlayer of [usual, urgent]) perPlayer.forget(source);
      keptBack.delete(source);
    },
  };
}
