import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { reasonOf } from '../../lib/text.ts';
import type { ApiResult } from '../api/results.ts';

export interface Pace {
  /** Milliseconds between two rounds while players are connected, at least. */
  readonly everyMs: number;
  /** The same for each server that shares the key. */
  readonly everyMsForEachServer: number;
  /** Milliseconds between two rounds when one is asked for, for each server that shares the key. */
  readonly leastMs: number;
}

export interface RoundsOptions {
  /** Names them in log lines. */
  readonly what: string;
  readonly pace: Pace;
  run(): Promise<ApiResult<unknown>>;
  mayRun(): boolean;
  /** Whether anybody would notice. */
  isWanted(): boolean;
  serverCount(): number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface RoundsStatus {
  /** Milliseconds since the last round that changed or confirmed anything; null before the first. */
  readonly lastMs: number | null;
  /** Why the last round failed; null when it did not. */
  readonly failure: string | null;
}

/** Something that is done over and over, never twice at once. */
export interface Rounds {
  start(): void;
  /** One round as soon as the pace allows, even when nobody would notice; again later when it fails. */
  soon(): void;
  status(): RoundsStatus;
  stop(): void;
}

export function createRounds({ what, pace, run, mayRun, isWanted, serverCount, clock, log }: RoundsOptions): Rounds {
  let cancel: (() => void) | null = null;
  let startedAt = Number.NEGATIVE_INFINITY;
  let succeededAt: number | null = null;
  let failure: string | null = null;
  let isOwed = false;
  let isRunning = false;
  let isStopped = false;

  const every = () => Math.max(pace.everyMs, serverCount() * pace.everyMsForEachServer);
  const least = () => Math.max(1, serverCount()) * pace.leastMs;

  function next(milliseconds: number): void {
    cancel?.();
    cancel = isStopped ? null : clock.after(milliseconds, turn);
  }

  function turn(): void {
    if (!mayRun() || !(isOwed || isWanted())) {
      next(every());
      return;
    }
    isRunning = true;
    isOwed = false;
    startedAt = clock.monotonic();
    run().then(conclude, (error: unknown) => {
      conclude({ ok: false, error: { kind: 'unreadable', status: null, message: reasonOf(error), traceId: null } });
    });
  }

  function conclude(result: ApiResult<unknown>): void {
    isRunning = false;
    const wasAskedForMeanwhile = isOwed;
    if (result.ok) {
      succeededAt = clock.monotonic();
      failure = null;
    } else {
      failure = result.error.message;
      // A wrong key or plan is not made right by asking: then once more only while somebody would notice.
      isOwed = result.error.kind !== 'key' && result.error.kind !== 'plan';
      log.debug('What the CAD knows could not be asked for.', { what, reason: failure });
    }
    if (wasAskedForMeanwhile) soon();
    else next(every());
  }

  function soon(): void {
    isOwed = true;
    if (isStopped || isRunning) return;
    // Several events in a row ask for one round.
    next(Math.max(500, startedAt + least() - clock.monotonic()));
  }

  return {
    start: soon,
    soon,
    status: () => ({ lastMs: succeededAt === null ? null : clock.monotonic() - succeededAt, failure }),
    stop() {
      isStopped = true;
      cancel?.();
      cancel = null;
    },
  };
}
