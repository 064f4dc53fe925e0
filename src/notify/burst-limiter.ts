import type { Clock } from '../lib/clock.ts';
import { RateLimit } from '../lib/rate-limit.ts';

/**
 * Notifications that one player is shown within a window. The rest is combined into one summary at the window's end.
 */
const LIMIT = { most: 5, windowMs: 10_000, maxKeys: 2_048 };
/**
 * Upper bound for the events of one round of summaries whose receivers are reported. Beyond it, summaries still count
 * the notifications. The operator's page shows no more events than these.
 */
const MAX_EVENTS = 500;

interface SummaryReceiver {
  /**
   * Shows a player the summary of the notifications that were held back.
   *
   * @param counts the number of held-back notifications by trigger
   * @returns whether the summary was shown
   */
  summarise(source: number, counts: ReadonlyMap<string, number>): boolean;
  /** Reports the players who were shown a summary that counts an event. */
  summarised(eventId: string, sources: readonly number[]): void;
}

/** Holds notifications back when a player gets more than 5 in 10 s, and sums them up afterwards. */
export class BurstLimiter {
  readonly #clock: Clock;
  readonly #receiver: SummaryReceiver;
  readonly #normal: RateLimit<number>;
  /** Urgent notifications have a separate limit, so that other notifications never delay an alarm. */
  readonly #urgent: RateLimit<number>;
  /** Number of held-back notifications of each player, by trigger. */
  readonly #heldBack = new Map<number, Map<string, number>>();
  /** The players from whom notifications of an event were held back, by event id. */
  readonly #sourcesByEvent = new Map<string, Set<number>>();
  #isSummaryDue = false;

  constructor(clock: Clock, receiver: SummaryReceiver) {
    this.#clock = clock;
    this.#receiver = receiver;
    this.#normal = new RateLimit<number>(LIMIT, clock);
    this.#urgent = new RateLimit<number>(LIMIT, clock);
  }

  /**
   * Counts one notification of a player.
   *
   * @returns true when the notification can be shown now; otherwise it is held back for the summary
   */
  admit(source: number, trigger: string, eventIds: readonly string[], isUrgent: boolean): boolean {
    const limit = isUrgent ? this.#urgent : this.#normal;
    if (limit.take(source)) return true;
    this.#holdBack(source, trigger, eventIds);
    return false;
  }

  forget(source: number): void {
    this.#normal.forget(source);
    this.#urgent.forget(source);
    this.#heldBack.delete(source);
  }

  #holdBack(source: number, trigger: string, eventIds: readonly string[]): void {
    if (!this.#isSummaryDue) this.#clock.after(LIMIT.windowMs, () => this.#showSummaries());
    this.#isSummaryDue = true;

    const counts = this.#heldBack.get(source) ?? new Map<string, number>();
    counts.set(trigger, (counts.get(trigger) ?? 0) + 1);
    this.#heldBack.set(source, counts);

    for (const eventId of eventIds) {
      const sources = this.#sourcesByEvent.get(eventId);
      if (sources !== undefined) sources.add(source);
      else if (this.#sourcesByEvent.size < MAX_EVENTS) this.#sourcesByEvent.set(eventId, new Set([source]));
    }
  }

  #showSummaries(): void {
    this.#isSummaryDue = false;

    const heldBack = [...this.#heldBack];
    this.#heldBack.clear();
    const reached = new Set<number>();
    for (const [source, counts] of heldBack) {
      if (this.#receiver.summarise(source, counts)) reached.add(source);
    }

    for (const [eventId, sources] of this.#sourcesByEvent) {
      const reachedOfEvent = [...sources].filter((source) => reached.has(source));
      if (reachedOfEvent.length > 0) this.#receiver.summarised(eventId, reachedOfEvent);
    }
    this.#sourcesByEvent.clear();
  }
}
