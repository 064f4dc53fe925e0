import { createHash } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';

/** Ends chains of forwarders that come back to this one. */
export interface LoopGuard {
  /**
   * @param body without the values of its keys, which differ from forwarder to forwarder
   * @param hops how many of our kind it has been through
   * @returns whether it may be forwarded once more
   */
  mayPass(id: string, body: Uint8Array, hops: number): boolean;
  /** Events that were not forwarded. */
  readonly stopped: number;
}

/** Nobody needs a longer chain than that. */
const MAX_HOPS = 5;
/** A body may be seen so often … */
const MAX_SIGHTINGS = 10;
/** … within so many milliseconds; other forwarders drop the header that counts hops. */
const WINDOW_MS = 10_000;

export function createLoopGuard(clock: Clock, log: Log): LoopGuard {
  const sightings = new Map<string, { times: number[]; isStopped: boolean }>();
  let stopped = 0;
  let hasSaidHops = false;

  function stop(isNews: boolean, message: string, id: string): false {
    stopped += 1;
    if (isNews) log.error(message, { id });
    return false;
  }

  /** The order of the map is that of the last sightings. */
  function forgetOld(now: number): void {
    for (const [key, { times }] of sightings) {
      if (now - (times.at(-1) ?? 0) < WINDOW_MS) return;
      sightings.delete(key);
    }
  }

  return {
    mayPass(id, body, hops) {
      if (hops >= MAX_HOPS) {
        const isNews = !hasSaidHops;
        hasSaidHops = true;
        return stop(
          isNews,
          'An event came through too many forwarders and is not forwarded: do they lead in a circle?',
          id,
        );
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
        return true;
      }
      seen.times.shift();
      const isNews = !seen.isStopped;
      seen.isStopped = true;
      return stop(isNews, 'The same event keeps coming in and is not forwarded: does a target lead back here?', id);
    },
    get stopped() {
      return stopped;
    },
  };
}
