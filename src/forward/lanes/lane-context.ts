import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Target } from '../delivery.ts';
import type { LaneQueue } from './lane-queue.ts';
import type { Outcomes } from './outcomes.ts';
import type { Pace } from './pace.ts';
import type { Requests } from './requests.ts';
import type { RetrySettings } from './retry-waits.ts';

/** What the ways of sending in a lane have in common. */
export interface LaneContext {
  readonly queue: LaneQueue;
  readonly outcomes: Outcomes;
  readonly pace: Pace;
  readonly requests: Requests;
  readonly retries: RetrySettings;
  readonly clock: Clock;
  readonly log: Log;
  random(): number;
  target(): Target;
  /** Has the lane look at what to do at that time at the latest, in monotonic milliseconds. */
  wake(due: number): void;
}
