import { createHash } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';

/** No set-up needs a longer chain than that. */
const MAX_HOPS = 5;
/** A body may come so often within the window: other forwarders may drop the header that counts hops. */
const MAX_SIGHTINGS = 10;
const WINDOW_MS = 10_000;

/**
 * Ends chains of forwarders that come back to this one. Only what another forwarder sent can be part of a chain: the CAD may say the
 * same as often as it likes.
 *
 * @param advice what can be done about an event that was stopped: follows a semicolon
 */
export function createLoopGuard(clock: Clock, log: Log, advice: string) {
  const sightings = new Map<string, { times: number[]; isStopped: boolean }>();
  let stopped = 0;
  let hasSaidHops = false;

  /** A circle makes many events: it is told once, and each event is listed as a dead letter. */
  function stop(isNews: boolean, reason: string, question: string, id: string): string {
    stopped += 1;
    if (isNews) log.error(`An event was stopped and is a dead letter now; ${advice}. ${question}`, { id, reason });
    return reason;
  }

  /** The order of the map is that of the last sightings. */
  function forgetOld(now: number): void {
    for (const [key, { times }] of sightings) {
      if (now - (times.at(-1) ?? 0) < WINDOW_MS) return;
      sightings.delete(key);
    }
  }

  return {
    /**
     * @param body without the values of its keys, which differ from forwarder to forwarder
     * @param hops how many of our kind it has been through, 0 for what comes from the CAD
     * @returns why it must not be forwarded once more; null when it may be
     */
    check(id: string, body: Uint8Array, hops: number): string | null {
      if (hops === 0) return null;
      if (hops >= MAX_HOPS) {
        const isNews = !hasSaidHops;
        hasSaidHops = true;
        return stop(isNews, `came through ${MAX_HOPS} forwarders or more`, 'Do forwarders lead in a circle?', id);
      }
      const now = clock.monotonic();
      forgetOld(now);
      const key = createHash('sha1').update(body).digest('base64');
      const seen = sightings.get(key) ?? { times: [], isStopped: false };
      sightings.delete(key);
      sightings.set(key, seen);
      seen.times = seen.times.filter((time) => now - time < WINDOW_MS);
      seen.times.push(now);
      if (seen.times.length <= MAX_SIGHTINGS) {
        seen.isStopped = false;
        return null;
      }
      seen.times.shift();
      const isNews = !seen.isStopped;
      seen.isStopped = true;
      const reason = `came from a forwarder more than ${MAX_SIGHTINGS} times within ${WINDOW_MS / 1_000} s`;
      return stop(isNews, reason, 'Does a target lead back here?', id);
    },
    /** Events that were stopped. */
    get stopped(): number {
      return stopped;
    },
  };
}
