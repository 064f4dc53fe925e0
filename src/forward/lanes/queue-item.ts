import type { StoredEvent } from '../outbox/outbox.ts';

/** An event in a lane. */
export interface QueueItem {
  readonly event: StoredEvent;
  /**
   * `open`: a request with it is under way. `unconfirmed`: sent to a listener that never answers, and not yet known to
   * have been taken. `settled`: the lane is done with it.
   */
  state: 'waiting' | 'open' | 'unconfirmed' | 'settled';
  /** Requests made so far, as far as this run knows. */
  attempts: number;
  /** Answers 5xx in a row of attempts, until the target turned out to be down. */
  serverErrors: number;
  /** Whether it was set aside: tried alone, on a schedule of its own. */
  aside: boolean;
  /** Answers 5xx since then. */
  lateServerErrors: number;
  /** When it is tried next then, in monotonic milliseconds. */
  dueAt: number;
  /** Whether the store has a mark that it is still owed. */
  marked: boolean;
}

/** An event in a lane that nothing has been done with yet has no item: with many targets there are very many. */
export type QueuePlace = StoredEvent | QueueItem;

export const isItem = (place: QueuePlace): place is QueueItem => 'event' in place;

export function createItem(event: StoredEvent): QueueItem {
  return {
    event,
    state: 'waiting',
    attempts: 0,
    serverErrors: 0,
    aside: false,
    lateServerErrors: 0,
    dueAt: 0,
    marked: false,
  };
}

/** Answers 5xx after which an event is set aside, if the next one is taken. */
export const SUSPECT_AFTER = 3;

/** Answers 5xx after that, until it is given up on. */
export const ASIDE_ATTEMPTS = 7;
