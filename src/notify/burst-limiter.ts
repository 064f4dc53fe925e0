import type { Clock } from '../lib/clock.ts';
import { RateLimit } from '../lib/rate-limit.ts';

/** Events of which is known who was told of them in a summary: as many as the operator's page shows. */
const MOST_EVENTS = 500;
/** Notifications that one player gets; the rest comes as one summary. */
const LIMIT = { most: 5, windowMs: 10_000, maxKeys: 2_048 };

interface BurstLimiterOptions {
  readonly clock: Clock;
  /** Told what was kept back from a player: how many of what. @returns whether the player was told */
  summarise(source: number, counts: ReadonlyMap<string, number>): boolean;
  /** Gets the players who were told of an event in a summary. */
  summarised(event: string, players: readonly number[]): void;
}

/** Keeps a burst of notifications from filling a player's screen. */
export function createBurstLimiter({ clock, summarise, summarised }: BurstLimiterOptions) {
  const usual = new RateLimit<number>(LIMIT, clock);
  const urgent = new RateLimit<number>(LIMIT, clock);
  const keptBack = new Map<number, Map<string, number>>();
  /** By the ids of the events of which there was something for them. */
  const players = new Map<string, Set<number>>();
  let isSummaryDue = false;

  function flush(): void {
    isSummaryDue = false;
    const due = [...keptBack];
    keptBack.clear();
    const told = new Set(due.filter((each) => summarise(...each)).map(([source]) => source));
    for (const [event, sources] of players) {
      const reached = [...sources].filter((source) => told.has(source));
      if (reached.length > 0) summarised(event, reached);
    }
    players.clear();
  }

  function keepBack(source: number, what: string, events: readonly string[]): void {
    if (!isSummaryDue) clock.after(LIMIT.windowMs, flush);
    isSummaryDue = true;
    const counts = keptBack.get(source) ?? new Map<string, number>();
    counts.set(what, (counts.get(what) ?? 0) + 1);
    keptBack.set(source, counts);
    for (const event of events) {
      const sources = players.get(event);
      if (sources !== undefined) sources.add(source);
      else if (players.size < MOST_EVENTS) players.set(event, new Set([source]));
    }
  }

  return {
    /**
     * @param what the trigger, for the summary
     * @param events the ids of what it is about
     * @param isUrgent counted separately, so that no burst of others keeps an alarm back
     * @returns whether it may be shown now; else it is counted
     */
    admit(source: number, what: string, events: readonly string[], isUrgent: boolean): boolean {
      if ((isUrgent ? urgent : usual).take(source)) return true;
      keepBack(source, what, events);
      return false;
    },
    /** To be called when a player has left. */
    forget(source: number): void {
      for (const perPlayer of [usual, urgent]) perPlayer.forget(source);
      keptBack.delete(source);
    },
  };
}
