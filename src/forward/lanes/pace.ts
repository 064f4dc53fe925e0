import type { Log } from '../../platform/log.ts';
import { type RetrySettings, retryWait } from './retry-waits.ts';

/** Why a lane is parked, and since when (monotonic milliseconds). */
export interface Parked {
  readonly reason: string;
  readonly advice: string | null;
  readonly since: number;
}

/** When a lane may send next, and whether it is parked. */
export interface Pace {
  /** Monotonic milliseconds; infinite when nothing but the operator makes it go on. */
  readonly waitUntil: number;
  readonly parked: Parked | null;
  /** Failures in a row, those that do not count toward parking among them. */
  readonly failures: number;
  /** @returns the milliseconds until the next attempt */
  fail(
    now: number,
    reason: string,
    options: { readonly counts: boolean; readonly retryAfterMs: number | null },
  ): number;
  /** Parks without waiting for more failures; the wait stays what it is. */
  park(now: number, reason: string): void;
  /** The target takes nothing until somebody mends something. @returns the milliseconds until the next attempt */
  refuse(now: number, reason: string, advice: string): number;
  /** The target is not there any more. */
  gone(now: number, reason: string): void;
  /** It takes events. */
  recover(now: number): void;
  /** Ends the waiting, not the parking. */
  tryNow(now: number): void;
  /** Forgets all of it, without a word. */
  reset(): void;
}

export interface PaceOptions {
  readonly target: string;
  readonly retries: RetrySettings;
  readonly log: Log;
  random(): number;
  /** How many events wait. */
  waiting(): number;
}

const REFUSED_PROBE_MS = 60_000;

export function createPace({ target, retries, log, random, waiting }: PaceOptions): Pace {
  let waitUntil = 0;
  let parked: Parked | null = null;
  let failures = 0;
  let counted = 0;

  function parkFor(now: number, reason: string, advice: string | null): void {
    // Told once, and again only when there is something else to mend.
    const isNews = parked === null || (advice !== null && advice !== parked.advice);
    parked = { reason, advice: advice ?? parked?.advice ?? null, since: parked?.since ?? now };
    if (!isNews) return;
    const fields = { target, reason, waiting: waiting() };
    if (advice === null) {
      log.error('A target of the forwarding does not answer as it should: its events wait until it does.', fields);
    } else {
      log.error(`A target of the forwarding takes no events: ${advice}. Its events wait.`, fields);
    }
  }

  return {
    get waitUntil() {
      return waitUntil;
    },
    get parked() {
      return parked;
    },
    get failures() {
      return failures;
    },
    fail(now, reason, { counts, retryAfterMs }) {
      failures += 1;
      if (counts) counted += 1;
      const wait = retryAfterMs ?? retryWait(retries, failures, random);
      waitUntil = now + wait;
      if (counted >= retries.parkAfter) parkFor(now, reason, null);
      return wait;
    },
    park: (now, reason) => parkFor(now, reason, null),
    refuse(now, reason, advice) {
      failures += 1;
      waitUntil = now + REFUSED_PROBE_MS;
      parkFor(now, reason, advice);
      return REFUSED_PROBE_MS;
    },
    gone(now, reason) {
      failures += 1;
      waitUntil = Number.POSITIVE_INFINITY;
      const advice =
        'it says that it is gone for good; correct its address, or end the wait with "sonorancad forward retry"';
      parkFor(now, reason, advice);
    },
    recover(now) {
      const ended = parked;
      waitUntil = 0;
      parked = null;
      failures = 0;
      counted = 0;
      if (ended === null) return;
      log.info('A target of the forwarding takes events again.', {
        target,
        waiting: waiting(),
        minutes: Math.round((now - ended.since) / 60_000),
      });
    },
    tryNow(now) {
      waitUntil = now;
    },
    reset() {
      waitUntil = 0;
      parked = null;
      failures = 0;
      counted = 0;
    },
  };
}
