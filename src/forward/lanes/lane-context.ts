import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Target } from '../delivery.ts';
import type { AttemptReport } from './attempt-report.ts';
import type { LaneQueue } from './lane-queue.ts';
import type { Outcomes } from './outcomes.ts';
import type { Pace } from './pace.ts';
import type { Requests } from './requests.ts';
import type { RetrySettings } from './retry-waits.ts';
import type { Wording } from './wording.ts';

/** What the ways of sending in a lane have in common. */
export interface LaneContext {
  readonly queue: LaneQueue;
  readonly outcomes: Outcomes;
  readonly pace: Pace;
  readonly requests: Requests;
  readonly retries: RetrySettings;
  readonly clock: Clock;
  readonly report: AttemptReport;
  /** The report's: what an attempt leads to is told after it. */
  readonly log: Log;
  readonly wording: Wording;
  random(): number;
  target(): Target;
  /** Has the lane look at what to do at that time at the latest, in monotonic milliseconds. */
  wake(due: number): void;
}
