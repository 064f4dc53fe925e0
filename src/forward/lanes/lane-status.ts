import type { Target } from '../delivery.ts';
import type { DeadLetters } from '../outbox/dead-letters.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { LaneCounts } from './lane-counts.ts';
import type { LaneQueue } from './lane-queue.ts';
import type { Pace } from './pace.ts';

/** How one target is doing: plain values, which may cross to other resources. */
export interface LaneStatus {
  readonly target: string;
  /** Without credentials, query and webhook token. */
  readonly url: string;
  readonly state: 'starting' | 'open' | 'waiting' | 'parked';
  /** Why the last attempt failed; null while it answers as it should. */
  readonly reason: string | null;
  /** What the operator can do about it. */
  readonly advice: string | null;
  /** Events that are not done with, those that were set aside among them. */
  readonly queued: number;
  readonly setAside: number;
  readonly deadLetters: number;
  /** Of both, as stored. */
  readonly bytes: number;
  /** Age of the first event in the queue. */
  readonly oldestMs: number | null;
  readonly nextAttemptInMs: number | null;
  readonly failuresInARow: number;
  /** Whether it takes events and never answers. */
  readonly silent: boolean;
  /** Whether it has answered an event since the start, or since its settings were changed. */
  readonly reached: boolean;
  /** Events that it refused for good since it last took one, and how it answered the last of them; null when there are none. */
  readonly refusals: { readonly count: number; readonly reason: string } | null;
  readonly counts: Readonly<LaneCounts>;
}

export interface LaneStatusOptions {
  readonly target: Target;
  readonly queue: LaneQueue;
  readonly pace: Pace;
  readonly outbox: Outbox;
  readonly deadLetters: DeadLetters;
  readonly running: boolean;
  readonly now: number;
}

export function laneStatus({ target, queue, pace, outbox, deadLetters, running, now }: LaneStatusOptions): LaneStatus {
  const oldest = queue.waiting();
  const wait = pace.waitUntil - now;
  return {
    target: queue.name,
    url: target.shownUrl,
    state: running ? stateOf(pace, wait) : 'starting',
    reason: pace.trouble?.reason ?? null,
    advice: pace.trouble?.advice ?? pace.parked?.advice ?? null,
    queued: queue.length,
    setAside: queue.asides.length,
    deadLetters: deadLetters.count(queue.name),
    bytes: queue.bytes + deadLetters.bytes(queue.name),
    oldestMs: oldest === null ? null : Math.round(outbox.age(oldest.event, now)),
    nextAttemptInMs: wait > 0 && Number.isFinite(wait) ? Math.round(wait) : null,
    failuresInARow: pace.failures,
    silent: queue.facts.silent,
    reached: pace.isReached,
    refusals: pace.refusals === null ? null : { ...pace.refusals },
    counts: { ...queue.counts },
  };
}

function stateOf(pace: Pace, wait: number): LaneStatus['state'] {
  if (pace.parked !== null) return 'parked';
  return wait > 0 ? 'waiting' : 'open';
}
