import type { Log } from '../../platform/log.ts';
import { type RetrySettings, retryWait } from './retry-waits.ts';
import type { Wording } from './wording.ts';

/** Why a lane is parked, and since when (monotonic milliseconds). */
export interface Parked {
  readonly reason: string;
  readonly advice: string | null;
  readonly since: number;
}

/** What stands between a target and its events. */
export interface Trouble {
  readonly reason: string;
  /** What the operator can do about it; null when nobody knows. */
  readonly advice: string | null;
}

/** Events that a target refused for good, one after the other. */
export interface Refusals {
  readonly count: number;
  /** How it answered the last one. */
  readonly reason: string;
}

/** When a lane may send next, whether it is parked, and what is known of its target since the start or a change of its settings. */
export interface Pace {
  /** Monotonic milliseconds; infinite when nothing but the operator makes it go on. */
  readonly waitUntil: number;
  readonly parked: Parked | null;
  /** Failures in a row, those that do not count toward parking among them. */
  readonly failures: number;
  /** What the last attempt ran into; null while the target answers as it should. */
  readonly trouble: Trouble | null;
  /** null when the last event that it answered was not refused. */
  readonly refusals: Refusals | null;
  /** Whether it has answered an event as it should, be it by a refusal. */
  readonly isReached: boolean;
  /** @returns the milliseconds until the next attempt */
  fail(
    now: number,
    trouble: Trouble,
    options: { readonly counts: boolean; readonly retryAfterMs: number | null },
  ): number;
  /** Parks without waiting for more failures; the wait stays what it is. */
  park(now: number, trouble: Trouble): void;
  /** The target takes nothing until somebody mends something. @returns the milliseconds until the next attempt */
  refuse(now: number, reason: string, advice: string): number;
  /** The target is not there any more. */
  gone(now: number, reason: string): void;
  /** It answers as it should. @param refusal how, when it has refused the event for good; null when it took it */
  recover(now: number, refusal?: string | null): void;
  /** Ends the waiting, not the parking. */
  tryNow(now: number): void;
  /** Forgets all of it, without a word. */
  reset(): void;
}

export interface PaceOptions {
  readonly target: string;
  readonly retries: RetrySettings;
  readonly log: Log;
  readonly wording: Pick<Wording, 'endWait'>;
  random(): number;
  /** How many events wait. */
  waiting(): number;
}

const REFUSED_PROBE_MS = 60_000;

export function createPace({ target, retries, log, wording, random, waiting }: PaceOptions): Pace {
  let waitUntil = 0;
  let parked: Parked | null = null;
  let failures = 0;
  let counted = 0;
  let trouble: Trouble | null = null;
  let refusals: Refusals | null = null;
  let isReached = false;

  /** @param hint what may help, where nobody knows what must be mended */
  function parkFor(now: number, reason: string, advice: string | null, hint: string | null = null): void {
    // Told once, and again only when there is something else to mend.
    const isNews = parked === null || (advice !== null && advice !== parked.advice);
    parked = { reason, advice: advice ?? parked?.advice ?? null, since: parked?.since ?? now };
    trouble = { reason, advice: advice ?? hint };
    if (!isNews) return;
    const fields = { target, reason, waiting: waiting() };
    if (advice === null) {
      const sentence = hint === null ? '' : ` ${hint.charAt(0).toUpperCase()}${hint.slice(1)}.`;
      const message = 'A target of the forwarding does not answer as it should: its events wait until it does.';
      log.error(`${message}${sentence}`, fields);
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
    get trouble() {
      return trouble;
    },
    get refusals() {
      return refusals;
    },
    get isReached() {
      return isReached;
    },
    fail(now, met, { counts, retryAfterMs }) {
      failures += 1;
      trouble = met;
      if (counts) counted += 1;
      const wait = retryAfterMs ?? retryWait(retries, failures, random);
      waitUntil = now + wait;
      if (counted >= retries.parkAfter) parkFor(now, met.reason, null, met.advice);
      return wait;
    },
    park: (now, { reason, advice }) => parkFor(now, reason, null, advice),
    refuse(now, reason, advice) {
      failures += 1;
      waitUntil = now + REFUSED_PROBE_MS;
      parkFor(now, reason, advice);
      return REFUSED_PROBE_MS;
    },
    gone(now, reason) {
      failures += 1;
      waitUntil = Number.POSITIVE_INFINITY;
      parkFor(now, reason, `it says that it is gone for good; correct its address, or ${wording.endWait(target)}`);
    },
    recover(now, refusal = null) {
      const ended = parked;
      trouble = null;
      isReached = true;
      refusals = refusal === null ? null : { count: (refusals?.count ?? 0) + 1, reason: refusal };
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
      trouble = null;
      refusals = null;
      isReached = false;
      waitUntil = 0;
      parked = null;
      failures = 0;
      counted = 0;
    },
  };
}
