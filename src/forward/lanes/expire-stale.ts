import type { Clock } from '../../platform/clock.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { eachWaiting } from './each-waiting.ts';
import type { ExpiryGuard } from './expiry-guard.ts';
import type { LaneQueue } from './lane-queue.ts';
import type { Outcomes } from './outcomes.ts';
import { isDue, SLICE_MS } from './scheduler.ts';

/** Each becomes a dead letter, which is a write with a body. */
const MAX_A_TURN = 50;
/** One tick of the game. */
const BETWEEN_TURNS_MS = 50;

export interface StaleOptions {
  readonly queue: LaneQueue;
  readonly outcomes: Outcomes;
  readonly outbox: Outbox;
  readonly guard: ExpiryGuard;
  readonly clock: Clock;
  readonly maxAgeMinutes: number;
}

/**
 * Makes dead letters of the events that are too old.
 *
 * @returns when to look again, in monotonic milliseconds; infinite when nothing waits
 */
export function expireStale(options: StaleOptions): number {
  const { queue, outcomes, outbox, guard, clock, maxAgeMinutes } = options;
  const maxAgeMs = maxAgeMinutes * 60_000;
  const began = clock.monotonic();
  const forbiddenUntil = guard.forbiddenUntil();
  let buried = 0;
  let lookAgain = Number.POSITIVE_INFINITY;
  for (const item of eachWaiting(queue)) {
    const staleAt = Math.max(began - outbox.age(item.event, began) + maxAgeMs, forbiddenUntil);
    if (!isDue(staleAt, began)) {
      lookAgain = Math.min(lookAgain, staleAt);
      if (item.aside) continue;
      break;
    }
    if (buried >= MAX_A_TURN || clock.monotonic() - began > SLICE_MS) return began + BETWEEN_TURNS_MS;
    outcomes.bury(item, `not delivered within ${maxAgeMinutes} min`);
    buried += 1;
  }
  return lookAgain;
}
