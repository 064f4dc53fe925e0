import { inWords, type NextStep } from './attempt-report.ts';
import type { LaneContext } from './lane-context.ts';
import { ASIDE_ATTEMPTS, type QueueItem, SUSPECT_AFTER } from './queue-item.ts';
import type { LaneRequest } from './requests.ts';
import { retryWait } from './retry-waits.ts';
import type { Failure, Verdict } from './verdict.ts';

/** The line about the dead letter tells of it. */
const DEAD_LETTER: NextStep = { next: 'dead letter', isFailure: true, isQuiet: true };

/** Does what a verdict means for the event of a request and for its lane. */
export function conclude(context: LaneContext, request: LaneRequest, item: QueueItem, verdict: Verdict): NextStep {
  const { outcomes, pace } = context;
  const now = context.clock.monotonic();
  switch (verdict.kind) {
    case 'delivered':
      hasAnswered(context);
      outcomes.deliver(item, true);
      accepted(context, request, now);
      return { next: 'delivered', isFailure: false };
    case 'unwanted':
      outcomes.unwanted(item);
      accepted(context, request, now);
      return { next: 'unwanted', isFailure: false };
    case 'final':
      outcomes.bury(item, verdict.reason);
      pace.recover(now, verdict.reason);
      return DEAD_LETTER;
    case 'refused':
      return { next: inWords(pace.refuse(now, verdict.reason, verdict.advice)), isFailure: true };
    case 'gone':
      pace.gone(now, verdict.reason);
      return { next: inWords(Number.POSITIVE_INFINITY), isFailure: true };
    case 'failure':
      return failed(context, request, item, verdict, now);
  }
}

/** Remembers that the target answers 2xx, so that its silence is never taken for a delivery. */
export function hasAnswered({ queue }: LaneContext): void {
  if (queue.facts.answered) return;
  queue.facts.answered = true;
  queue.saveFacts();
}

/** The target is well: what it answered 5xx before is that event's own fault. */
function accepted(context: LaneContext, { suspect }: LaneRequest, now: number): void {
  context.pace.recover(now);
  if (suspect !== null && suspect.state === 'waiting') setAside(context, suspect, now);
}

/** Lets an event go on alone, so that the others need not wait for it. */
export function setAside({ queue, random, retries, log }: LaneContext, item: QueueItem, now: number): void {
  log.warn(
    'An event is set aside: the target fails over it and takes others. It will arrive out of order, if at all.',
    {
      id: item.event.id,
      target: queue.name,
      attempts: item.attempts,
    },
  );
  queue.setAside(item, now + retryWait(retries, 1, random));
}

function failed(context: LaneContext, request: LaneRequest, item: QueueItem, verdict: Failure, now: number): NextStep {
  const { queue, outcomes, pace, retries, random } = context;
  if (!verdict.isAttempt) item.attempts -= 1;
  if (verdict.serverError) {
    if (item.aside && pace.parked === null) {
      item.lateServerErrors += 1;
      if (item.lateServerErrors >= ASIDE_ATTEMPTS) {
        outcomes.bury(item, `${verdict.reason}, as ${item.attempts - 1} times before`);
        return DEAD_LETTER;
      }
      const wait = verdict.retryAfterMs ?? retryWait(retries, item.lateServerErrors + 1, random);
      item.dueAt = now + wait;
      queue.saveAside(item);
      // That the target fails over this event was told when it was set aside.
      return { next: inWords(wait), isFailure: true, isQuiet: true };
    }
    item.serverErrors += 1;
  }
  const wait = pace.fail(now, verdict, verdict);
  if (request.suspect !== null && verdict.counts) {
    // Not that event, then, but the target: it goes first again.
    request.suspect.serverErrors = 0;
    pace.park(now, verdict);
  } else if (item.serverErrors >= SUSPECT_AFTER && pace.parked === null && queue.waiting(1) !== null) {
    pace.tryNow(now);
    return { next: 'after the event behind it', isFailure: true };
  }
  return { next: inWords(wait), isFailure: true, isQuiet: !verdict.isAttempt };
}
