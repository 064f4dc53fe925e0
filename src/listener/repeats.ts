import { createHash } from 'node:crypto';

interface Taken {
  readonly at: number;
  /** 0 when it was no replay. */
  readonly replayAttempt: number;
}

/** The resource may be told to try for 7 days (`maxAgeMinutes`); by default it does for a day. */
const REMEMBERED_MS = 8 * 24 * 3_600_000;
/** Some 15 MB when full, which it is after 100,000 events in 8 days: from then on the oldest are forgotten. */
const MAX_IDS = 100_000;
/** The resource's are 36. A header can be far longer: such an id is kept as a hash. */
const MAX_ID_LENGTH = 64;

/** Tells events that were sent again from new ones, by their `webhook-id`. */
export class Repeats {
  readonly #taken = new Map<string, Taken>();
  readonly #monotonic: () => number;

  /** @param monotonic milliseconds that never run backwards */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /**
   * Takes note of an event that is accepted.
   *
   * @param replayAttempt 0, or the number of the attempt at a replay that is known by its header and has the id of the event
   * @returns whether it was taken before: under that id, or in an earlier attempt at the same replay
   */
  isRepeat(id: string, replayAttempt: number): boolean {
    const name = nameOf(id);
    const now = this.#monotonic();
    const found = this.#taken.get(name);
    const known = found !== undefined && isFresh(found, now) ? found : null;
    if (known !== null && replayAttempt === 0) return true;
    this.#note(name, { at: now, replayAttempt });
    // A later attempt at a replay of which an earlier one was taken; a first attempt is always a replay of its own.
    return known !== null && known.replayAttempt > 0 && known.replayAttempt < replayAttempt;
  }

  /** Forgets an event that was not handled after all, so that it is no repeat when it comes again. */
  forget(id: string): void {
    this.#taken.delete(nameOf(id));
  }

  #note(name: string, entry: Taken): void {
    this.#taken.delete(name);
    this.#taken.set(name, entry);
    // In the order in which they came: the first is the next to be forgotten.
    for (const [oldest, known] of this.#taken) {
      if (isFresh(known, entry.at) && this.#taken.size <= MAX_IDS) return;
      this.#taken.delete(oldest);
    }
  }
}

function nameOf(id: string): string {
  return id.length <= MAX_ID_LENGTH ? id : createHash('sha256').update(id).digest('base64');
}

function isFresh({ at }: Taken, now: number): boolean {
  return now - at < REMEMBERED_MS;
}
