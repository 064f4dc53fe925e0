import type { Clock } from '../lib/clock.ts';

/** Pop-ups that one player gets … */
const MOST = 5;
/** … in so many milliseconds. The rest comes as one summary. */
const WINDOW_MS = 10_000;

/** Keeps a burst of notifications from filling a player's screen. */
export interface BurstLimiter {
  /**
   * @param what the kind of happening, for the summary
   * @param isUrgent counted by itself, so that no burst of others keeps an alarm back
   * @returns whether it may be shown now; else it is counted
   */
  admit(source: number, what: string, isUrgent: boolean): boolean;
  /** To be called when a player has left. */
  forget(source: number): void;
}

interface Window {
  since: number;
  shown: number;
}

/** @param summarise is told what was kept back from a player: how many of what */
export function createBurstLimiter(
  clock: Clock,
  summarise: (source: number, counts: ReadonlyMap<string, number>) => void,
): BurstLimiter {
  const windows = { usual: new Map<number, Window>(), urgent: new Map<number, Window>() };
  const keptBack = new Map<number, Map<string, number>>();
  let isSummaryDue = false;

  function flush(): void {
    isSummaryDue = false;
    const due = [...keptBack];
    keptBack.clear();
    for (const [source, counts] of due) summarise(source, counts);
  }

  return {
    admit(source, what, isUrgent) {
      const group = isUrgent ? windows.urgent : windows.usual;
      const now = clock.monotonic();
      const window = group.get(source);
      if (window === undefined || now - window.since >= WINDOW_MS) {
        group.set(source, { since: now, shown: 1 });
        return true;
      }
      if (window.shown < MOST) {
        window.shown += 1;
        return true;
      }
      const counts = keptBack.get(source) ?? new Map<string, number>();
      counts.set(what, (counts.get(what) ?? 0) + 1);
      keptBack.set(source, counts);
      if (!isSummaryDue) {
        isSummaryDue = true;
        clock.after(WINDOW_MS, flush);
      }
      return false;
    },
    forget(source) {
      windows.usual.delete(source);
      windows.urgent.delete(source);
      keptBack.delete(source);
    },
  };
}
