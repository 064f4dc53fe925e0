import { backoffWait } from '../../lib/backoff.ts';
import type { DeliveryQueue, QueueServices, RetrySettings } from './delivery-queue.ts';
import type { Failure } from './outcomes.ts';

/** Events of a CAD lose their worth in minutes: hours, as elsewhere, would be of no use. */
export const DEFAULT_RETRIES: RetrySettings = { waitsMs: [250, 2_000, 10_000, 30_000], parkAfter: 5 };

const SPREAD = [0.8, 1.2] as const;
const REFUSED_PROBE_MS = 60_000;

/**
 * @param failures how many there were in a row, from 1
 * @param random gives numbers from 0 to below 1
 * @returns milliseconds, spread by 20 % to both sides so that targets that fell together do not rise together
 */
export function retryWait({ waitsMs }: RetrySettings, failures: number, random: () => number): number {
  return backoffWait({ waitsMs, spread: SPREAD }, failures, random);
}

/** What stands between a target and its events. */
export interface Trouble {
  readonly reason: string;
  /** What the operator can do about it; null when that is not known. */
  readonly advice: string | null;
}

/** What is known of a target since the start or a change of its settings. */
class Knowledge {
  /** Monotonic milliseconds; infinite when nothing but the operator makes it go on. */
  waitUntil = 0;
  /** Why sending is paused, and since when (monotonic milliseconds). */
  paused: (Trouble & { readonly since: number }) | null = null;
  /** Failures in a row, those that do not count toward a pause among them. */
  failures = 0;
  counted = 0;
  /** Whether the first of them was one that a target that works answered, and that was tried once more at once. */
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
   * A target that took the last event and answers 5xx now is asked once more at once: a wait each would make one that fails now and
   * then too slow for what comes in.
   *
   * @returns the milliseconds until the next attempt
   */
  fail(now: number, trouble: Trouble, failure: Pick<Failure, 'counts' | 'serverError' | 'retryAfterMs'>): number {
    const { retries, random } = this.#services;
    const known = this.#known;
    known.retriedAtOnce ||= failure.serverError && known.isReached && known.failures === 0;
    known.failures += 1;
    known.trouble = { reason: trouble.reason, advice: trouble.advice };
    if (failure.counts) known.counted += 1;
    const waited = known.failures - (known.retriedAtOnce ? 1 : 0);
    const wait = failure.retryAfterMs ?? (waited === 0 ? 0 : retryWait(retries, waited, random));
    known.waitUntil = now + wait;
    if (known.counted >= retries.parkAfter) this.pause(now, trouble);
    return wait;
  }

  /** Pauses without waiting for more failures; the wait stays what it is. */
  pause(now: number, { reason, advice }: Trouble): void {
    this.#pause(now, reason, null, advice);
  }

  /** The target takes nothing until the operator mends something. @returns the milliseconds until the next attempt */
  refuse(now: number, reason: string, advice: string): number {
    this.#known.failures += 1;
    this.#known.waitUntil = now + REFUSED_PROBE_MS;
    this.#pause(now, reason, advice);
    return REFUSED_PROBE_MS;
  }

  /** The target is not there any more. @returns the milliseconds until the next attempt */
  gone(now: number, reason: string): number {
    const endWait = this.#services.wording.endWait(this.#queue.name);
    this.#known.failures += 1;
    this.#known.waitUntil = Number.POSITIVE_INFINITY;
    const advice = `it says that it is gone for good; correct its address, or ${endWait}`;
    this.#pause(now, reason, advice);
    return Number.POSITIVE_INFINITY;
  }

  /** It answers as it should. @param refusal how, when it has refused the event for good; null when it took it */
  recover(now: number, refusal: string | null = null): void {
    const { paused, refusals } = this.#known;
    const next = refusal === null ? null : { count: (refusals?.count ?? 0) + 1, reason: refusal };
    this.#known = new Knowledge();
    this.#known.isReached = true;
    this.#known.refusals = next;
    if (paused === null) return;
    const { attemptLog, name: target, length: waiting } = this.#queue;
    const minutes = Math.round((now - paused.since) / 60_000);
    attemptLog.log.info('A target of the forwarding takes events again.', { target, waiting, minutes });
  }

  /** Ends the waiting, not the pause. */
  tryNow(now: number): void {
    this.#known.waitUntil = now;
  }

  /** Forgets all of it, without a word. */
  reset(): void {
    this.#known = new Knowledge();
  }

  /** @param hint what may help, where it is not known what must be mended */
  #pause(now: number, reason: string, advice: string | null, hint: string | null = null): void {
    const { attemptLog, name: target, length: waiting } = this.#queue;
    const { log } = attemptLog;
    const { paused } = this.#known;
    // Told once, and again only when there is something else to mend.
    const isNews = paused === null || (advice !== null && advice !== paused.advice);
    this.#known.paused = { reason, advice: advice ?? paused?.advice ?? null, since: paused?.since ?? now };
    this.#known.trouble = { reason, advice: advice ?? hint };
    if (!isNews) return;
    const fields = { target, reason, waiting };
    if (advice === null) {
      const sentence = hint === null ? '' : ` ${hint.charAt(0).toUpperCase()}${hint.slice(1)}.`;
      const message = 'A target of the forwarding does not answer as it should: its events wait until it does.';
      log.error(`${message}${sentence}`, fields);
    } else {
      log.error(`A target of the forwarding takes no events: ${advice}. Its events wait.`, fields);
    }
  }
}
