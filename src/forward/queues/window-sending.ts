import type { AttemptResult } from '../delivery.ts';
import { isDue, SLICE_MS } from '../scheduler.ts';

import type { QueuedEvent } from './queued-events.ts';
import { type OpenAttempt, Sending } from './sending.ts';

/** How many events may be under way. */
const MAX_WINDOW = 64;

/**
 * For targets that acknowledge each event and drop one that they have already, such as a stream of a broker: many are under way at
 * once, in order. After a failure all that are not acknowledged are sent again, from the first on, and those that had arrived are
 * dropped there: so order is kept. The window is small after a failure, since whatever refuses one event refuses the next.
 */
export class WindowSending extends Sending {
  #window = 1;

  next(now: number) {
    const { queue, pace, attempts, target, services } = this.sender;
    if (!isDue(pace.known.waitUntil, now)) return this.sender.wake(pace.known.waitUntil);
    while (attempts.open.length < this.#window) {
      // Filling a whole window takes some milliseconds, in which the game waits.
      if (services.clock.monotonic() - now > SLICE_MS) return this.sender.wake(now);
      const item = this.#choose(now);
      if (item === null) return;
      const record = queue.read(item);
      if (record !== null) attempts.send(item, record, null, target.timeoutMs);
    }
  }

  ended(attempt: OpenAttempt, result: AttemptResult): void {
    const { item } = attempt;
    if (item === null) return;
    item.state = 'waiting';
    const outcome = this.outcome(result);
    if (outcome.kind === 'failure' || outcome.kind === 'refused') {
      this.#window = 1;
      for (const open of this.sender.attempts.open) this.sender.attempts.putBack(open);
    } else {
      this.#window = Math.min(MAX_WINDOW, this.#window * 2);
    }
    this.finish(attempt, result, () => this.apply(outcome, attempt, item));
  }

  /** Those that another kind of target of this name had set aside go first. */
  #choose(now: number): QueuedEvent | null {
    const { queue } = this.sender;
    const deferred = queue.deferred.find(({ state, dueAt }) => state === 'waiting' && isDue(dueAt, now));
    if (deferred !== undefined) return deferred;
    for (const { state, dueAt } of queue.deferred) if (state === 'waiting') this.sender.wake(dueAt);
    return queue.waiting();
  }
}
