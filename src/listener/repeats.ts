import { createHash } from 'node:crypto';

/** Tells events that were sent again from new ones, by their `webhook-id`. */
export interface Repeats {
  /**
   * Takes note of an event that is accepted.
   *
   * @param replayAttempt 0, or the number of the attempt when an operator asked for the event to be sent again
   * @returns whether it was taken before: under that id, or in an earlier attempt at the same replay
   */
  isRepeat(id: string, replayAttempt: number): boolean;
}

interface Taken {
  readonly at: number;
  /** 0 when it was no replay. */
  readonly replayAttempt: number;
}

/** The resource may be told to try for 7 days (`maxAgeMinutes`); by default it does for one hour. */
const REMEMBERED_MS = 8 * 24 * 3_600_000;
/** Some 15 MB when full, which it is after 100,000 events in 8 days: from then on the oldest are forgotten. */
const MAX_IDS = 100_000;
/** The resource's are 36. A header can be far longer: such an id is kept as a hash. */
const MAX_ID_LENGTH = 64;

/** @param monotonic milliseconds that never run backwards */
export function createRepeats(monotonic: () => number): Repeats {
  const taken = new Map<string, Taken>();

  function note(id: string, at: number, replayAttempt: number): void {
    taken.delete(id);
    taken.set(id, { at, replayAttempt });
    // In the order in which they came: the first is the next to be forgotten.
    for (const [oldest, known] of taken) {
      if (isFresh(known, at) && taken.size <= MAX_IDS) return;
      taken.delete(oldest);
    }
  }

  return {
    isRepeat(id, replayAttempt) {
      const name = id.length <= MAX_ID_LENGTH ? id : createHash('sha256').update(id).digest('base64');
      const now = monotonic();
      const found = taken.get(name);
      const known = found !== undefined && isFresh(found, now) ? found : null;
      if (replayAttempt === 0) {
        if (known === null) note(name, now, 0);
        return known !== null;
      }
      // A later attempt at a replay of which an earlier one was taken; a first attempt is always a replay of its own.
      const isRepeat = known !== null && known.replayAttempt > 0 && known.replayAttempt < replayAttempt;
      note(name, now, replayAttempt);
      return isRepeat;
    },
  };
}

function isFresh({ at }: Taken, now: number): boolean {
  return now - at < REMEMBERED_MS;
}
