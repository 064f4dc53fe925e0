import { backoffWait } from '../../lib/backoff.ts';
import type { Failure, Refusal } from '../delivery.ts';
import type { DeliveryQueue, QueueServices, RetrySettings } from './delivery-queue.ts';

/** A target that is back within five minutes gets its first event within 5 s, later within 25 s. */
export const DEFAULT_RETRIES: RetrySettings = {
  waitsMs: [250, 2_000, 4_000, 20_000],
  spread: [0.8, 1.2],
  parkAfter: 10,
};
/** Failures for this long are a long outage. Only then the last of the waits counts. */
const LONG_OUTAGE_MS = 5 * 60_000;
/** From the end of one attempt to the start of the next, unless the wait itself is shorter. */
const MIN_REST_MS = 1_000;

type Trouble = Pick<Failure, 'reason' | 'advice'>;

/** What is known of a target since the start or a change of its settings. */
class Knowledge {
  /** Monotonic milliseconds; infinite when only the operator ends the wait. */
  waitUntil = 0;
  /** Why sending is paused, what the operator must mend (null: wait), and since when (monotonic milliseconds). */
  paused: (Trouble & { readonly since: number }) | null = null;
  /** Failures in a row, those that do not count toward a pause among them. */
  failures = 0;
  counted = 0;
  /** When the first of them ended, in monotonic milliseconds; null without one. */
  failingSince: number | null = null;
  /** Whether the first of them was a 5xx of a target that works, which is retried at once. */
  retriedAtOnce = false;
  /** What the last attempt ran into; null while the target answers as it should. */
  trouble: Trouble | null = null;
  /** Events refused for good, one after the other, and the last answer; null when the last event was not refused. */
  refusals: { readonly count: number; readonly reason: string } | null = null;
  /** Whether it has answered an event as it should, be it by a refusal. */
  isReached = false;
}

/** When a target may be sent to next, and whether sending to it is paused. */
export class Pace {
  readonly #queue: DeliveryQueue;
  readonly #services: QueueServices;
  #known = new Knowledge();

  /** @param queue of the events that wait for the target */
  constructor(queue: DeliveryQueue, services: QueueServices) {
    this.#queue = queue;
    this.#services = services;
  }

  get known(): Readonly<Knowledge> {
    return this.#known;
  }

  get isPaused(): boolean {
    return this.#known.paused !== null;
  }

  get isFailing(): boolean {
    return this.#known.trouble !== null || this.isPaused;
  }

  /**
   * A target that took the last event and answers 5xx now is retried once at once: with a wait each time, one that
   * fails now and then could not keep up. Other waits count from the start of the attempt: while nothing answers,
   * attempts take long.
   *
   * @param startedAt when the attempt began, in monotonic milliseconds
   * @returns the milliseconds until the next attempt
   */
  fail(now: number, failure: Failure, startedAt: number): number {
    const known = this.#known;
    known.failingSince ??= now;
    known.retriedAtOnce ||= failure.serverError && known.isReached && known.failures === 0;
    known.failures += 1;
    known.trouble = failure;
    if (failure.counts) known.counted += 1;
    const waited = known.failures - (known.retriedAtOnce ? 1 : 0);
    const wait = failure.retryAfterMs ?? (waited === 0 ? 0 : this.#waitInOutage(waited, now, startedAt));
    known.waitUntil = now + wait;
    if (known.counted >= this.#services.retries.parkAfter) this.pause(now, failure);
    return wait;
  }

  /** The target takes nothing until the operator mends something. @returns the milliseconds until the next attempt */
  refuse(now: number, refusal: Refusal): number {
    this.#known.failingSince ??= now;
    this.#known.failures += 1;
    this.#known.waitUntil = now + refusal.retryAfterMs;
    this.pause(now, refusal);
    return refusal.retryAfterMs;
  }

  /** Pauses at once; the wait stays what it is. */
  pause(now: number, { kind, reason, advice }: Failure | Refusal): void {
    const { log, name: target, length: waiting } = this.#queue;
    const { paused } = this.#known;
    const toMend = kind === 'refused' ? advice : null;
    // Told once, and again only when there is something else to mend.
    const isNews = paused === null || (toMend !== null && toMend !== paused.advice);
    this.#known.paused = { reason, advice: toMend ?? paused?.advice ?? null, since: paused?.since ?? now };
    this.#known.trouble = { reason, advice };
    if (!isNews) return;
    const hint = advice === null ? '' : ` ${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`;
    const message =
      toMend === null
        ? `A forwarding target does not answer as it should. Its events wait.${hint}`
        : `A forwarding target takes no events: ${toMend}. Its events wait.`;
    log.error(message, { target, reason, waiting });
  }

  /**
   * The target answers as it should.
   *
   * @param refusal how, when it has refused the event for good; null when it took it
   */
  recover(now: number, refusal: string | null = null): void {
    const { paused, refusals } = this.#known;
    this.reset();
    this.#known.isReached = true;
    if (refusal !== null) this.#known.refusals = { count: (refusals?.count ?? 0) + 1, reason: refusal };
    if (paused === null) return;
    const { log, name: target, length: waiting } = this.#queue;
    const minutes = Math.round((now - paused.since) / 60_000);
    log.info('A forwarding target takes events again.', { target, waiting, minutes });
  }

  /** @returns milliseconds until a deferred event is tried again, after this many errors in a row */
  waitAfter(failures: number): number {
    return backoffWait(this.#services.retries, failures, this.#services.random);
  }

  #waitInOutage(failures: number, now: number, startedAt: number): number {
    const { retries, random } = this.#services;
    const isLong = now - (this.#known.failingSince ?? now) >= LONG_OUTAGE_MS || retries.waitsMs.length === 1;
    const waitsMs = isLong ? retries.waitsMs.slice(-1) : retries.waitsMs.slice(0, -1);
    const wait = backoffWait({ ...retries, waitsMs }, failures, random);
    return Math.max(startedAt + wait - now, Math.min(wait, MIN_REST_MS));
  }

  /** Ends the wait, not the pause. */
  tryNow(now: number): void {
    this.#known.waitUntil = now;
  }

  /** Forgets everything about the target. */
  reset(): void {
    this.#known = new Knowledge();
  }
}
