import { createHash } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { RateLimit } from '../lib/rate-limit.ts';

/** No set-up needs a longer chain than that. */
const MAX_HOPS = 5;
/** A body may come so often within the window: other forwarders may drop the header that counts hops. */
const SIGHTINGS = { most: 10, windowMs: 10_000 };

/**
 * Ends chains of forwarders that come back to this one. Only what another forwarder sent can be part of a chain: the
 * CAD may say the same as often as it likes.
 */
export class LoopGuard {
  /** Events that were stopped. */
  stopped = 0;
  readonly #sightings: RateLimit;
  readonly #log: Log;
  readonly #advice: string;

  /** @param advice what can be done about an event that was stopped: follows a semicolon */
  constructor(clock: Clock, log: Log, advice: string) {
    this.#sightings = new RateLimit(SIGHTINGS, clock);
    this.#log = log;
    this.#advice = advice;
  }

  /**
   * @param body without the values of its keys, which differ from forwarder to forwarder
   * @param hops how many of our kind it has been through, 0 for what comes from the CAD
   * @returns why it must not be forwarded once more; null when it may be
   */
  check(id: string, body: Uint8Array, hops: number): string | null {
    if (hops === 0) return null;
    if (hops >= MAX_HOPS) {
      return this.#stop(`came through ${MAX_HOPS} forwarders or more`, 'Do forwarders lead in a circle?', id);
    }
    const key = createHash('sha1').update(body).digest('base64');
    if (this.#sightings.take(key)) return null;
    const { most, windowMs } = SIGHTINGS;
    const reason = `came from a forwarder more than ${most} times within ${windowMs / 1_000} s`;
    return this.#stop(reason, 'Does a target lead back here?', id);
  }

  #stop(reason: string, question: string, id: string): string {
    this.stopped += 1;
    const message = `An event was stopped and is a dead letter now; ${this.#advice}. ${question}`;
    this.#log.coalesce({ reason }).error(message, { id });
    return reason;
  }
}
