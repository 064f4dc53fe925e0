import type { Failure, Outcome } from '../delivery.ts';
import { inWords, type NextStep } from './attempt-log.ts';
import { DEFER_AFTER, DEFERRED_ATTEMPTS, type QueuedEvent } from './queued-events.ts';
import type { OpenAttempt, SendingState } from './sending-state.ts';

/** It is quiet because a line about the dead letter says more. */
const DEAD_LETTER: NextStep = { next: 'dead letter', isFailure: true, isQuiet: true };

/**
 * Does what the outcome of an attempt means for its event and its target.
 *
 * | outcome | the event | the target |
 * |---|---|---|
 * | delivered, unwanted | leaves the queue | is well; an event that was passed over for this one is deferred |
 * | final | becomes a dead letter | is well |
 * | refused | waits | is paused until the operator acts, and tried now and then |
 * | failure | waits | is tried again after a wait, and paused after several failures |
 * | failure with an error (5xx), the third of the event | waits | is sent the event behind it at once |
 * | failure with an error, of a deferred event | waits alone, then becomes a dead letter | goes on with the others |
 *
 * @param item the attempt's event, or for a probe the event of the attempt that led to it
 */
export function applyOutcome(state: SendingState, outcome: Outcome, attempt: OpenAttempt, item: QueuedEvent): NextStep {
  const { queue, pace, services } = state;
  const now = services.clock.monotonic();
  switch (outcome.kind) {
    case 'delivered':
    case 'unwanted':
      if (outcome.kind === 'delivered') rememberAnswer(state);
      queue.leave(item, outcome.kind);
      pace.recover(now);
      // It is due at once: if the target has only just come back, no more than one event overtakes it.
      if (attempt.passedOver?.state === 'waiting') queue.defer(attempt.passedOver, now);
      return { next: outcome.kind, isFailure: false };
    case 'final':
      queue.deadLetter(item, outcome.reason);
      pace.recover(now, outcome.reason);
      return DEAD_LETTER;
    case 'refused':
      // The line about the pause says more.
      return { next: inWords(pace.refuse(now, outcome)), isFailure: true, isQuiet: true };
    case 'failure':
      if (!outcome.isAttempt) item.attempts -= 1;
      if (outcome.serverError && item.isDeferred && !pace.isPaused) return retryDeferred(state, outcome, item, now);
      return retry(state, outcome, attempt, item, now);
  }
}

/** Remembers that the target answers 2xx: from now on a missing answer is a failure. */
export function rememberAnswer({ queue }: SendingState): void {
  if (!queue.facts.answered) queue.save({ answered: true });
}

function retry(
  state: SendingState,
  failure: Failure,
  { passedOver, startedAt }: OpenAttempt,
  item: QueuedEvent,
  now: number,
): NextStep {
  const { queue, pace } = state;
  if (failure.serverError) item.serverErrors += 1;
  const wait = pace.fail(now, failure, startedAt);
  if (passedOver !== null && failure.counts) {
    // The target fails over the event behind it, too: the target is to blame, and the first event goes first again.
    passedOver.serverErrors = 0;
    item.serverErrors = 0;
    pace.pause(now, failure);
  } else if (failure.serverError && item.serverErrors >= DEFER_AFTER && queue.waiting(1) !== null) {
    // At once: after a wait the target may be back, and then the event behind would overtake this one.
    state.passedOver = item;
    pace.tryNow(now);
    return { next: 'after the event behind it', isFailure: true };
  }
  return { next: inWords(wait), isFailure: true, isQuiet: !failure.isAttempt };
}

/** The target's other events go on meanwhile. */
function retryDeferred(
  { queue, pace }: SendingState,
  { reason, retryAfterMs }: Failure,
  item: QueuedEvent,
  now: number,
): NextStep {
  item.deferredErrors += 1;
  if (item.deferredErrors >= DEFERRED_ATTEMPTS) {
    queue.deadLetter(item, `${reason}, as ${item.attempts - 1} times before`);
    return DEAD_LETTER;
  }
  const wait = retryAfterMs ?? pace.waitAfter(item.deferredErrors + 1);
  item.dueAt = now + wait;
  queue.save();
  return { next: inWords(wait), isFailure: true, isQuiet: true };
}
