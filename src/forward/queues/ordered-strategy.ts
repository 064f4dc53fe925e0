import type { AttemptResult } from '../delivery.ts';
import { isDue } from '../scheduler.ts';
import { applyOutcome, rememberAnswer } from './apply-outcome.ts';
import type { NextStep } from './attempt-log.ts';
import type { QueuedEvent } from './queued-events.ts';
import type { Consequence, Move, OpenAttempt, SendingState, SendingStrategy } from './sending-state.ts';

/** Events that may be under way to a stream. */
const MAX_WINDOW = 64;

/**
 * For targets that answer. A web server gets one request at a time, so that its events arrive in order.
 *
 * To a stream, which acknowledges each event and drops duplicates, many are under way at once. After a failure all
 * that are not acknowledged are sent again, from the first on. Those that had arrived are dropped there, which keeps
 * the order. The window is small after a failure, because what refuses one event refuses the next.
 */
export class OrderedStrategy implements SendingStrategy {
  readonly #state: SendingState;
  #window = 1;

  constructor(state: SendingState) {
    this.#state = state;
  }

  nextMove(now: number): Move {
    const { queue, pace, open } = this.#state;
    if (open.length >= this.#window) return { kind: 'wait', until: Number.POSITIVE_INFINITY };
    if (!isDue(pace.known.waitUntil, now)) return { kind: 'wait', until: pace.known.waitUntil };
    const deferred = earliest(queue.deferred);
    const isDeferredDue = deferred !== null && isDue(deferred.dueAt, now);
    if (isDeferredDue && pace.known.failures === 0) return this.#send(deferred);
    const head = queue.waiting();
    const { passedOver } = this.#state;
    this.#state.passedOver = null;
    if (head === null) {
      if (deferred !== null && (isDeferredDue || pace.isPaused)) return this.#send(deferred);
      return { kind: 'wait', until: deferred?.dueAt ?? Number.POSITIVE_INFINITY };
    }
    const second = head === passedOver ? queue.waiting(1) : null;
    return second === null ? this.#send(head) : this.#send(second, passedOver);
  }

  ended(attempt: OpenAttempt, result: AttemptResult): Consequence | null {
    const state = this.#state;
    const { item } = attempt;
    if (item === null) return this.#probed(attempt, result);
    if (this.#mayNeverAnswer(result)) {
      // The target never answers, or it is frozen. A probe tells; until it has ended, the event is under way.
      state.finish(attempt, result, () => ({ next: 'probe', isFailure: false }));
      return { kind: 'probe', onBehalfOf: attempt };
    }
    item.state = 'waiting';
    const outcome = state.outcomeOf(result);
    if (outcome.kind === 'failure' || outcome.kind === 'refused') {
      this.#window = 1;
      for (const open of state.open) state.putBack(open);
    } else if (state.target.nats !== undefined) {
      this.#window = Math.min(MAX_WINDOW, this.#window * 2);
    }
    state.finish(attempt, result, () => applyOutcome(state, outcome, attempt, item));
    return null;
  }

  #send(item: QueuedEvent, passedOver: QueuedEvent | null = null): Move {
    return { kind: 'send', item, passedOver, deadlineMs: this.#state.target.timeoutMs };
  }

  /** The event went out whole, to a web server that has never answered any. */
  #mayNeverAnswer(result: AttemptResult): boolean {
    const { target, queue } = this.#state;
    if (target.nats !== undefined || target.requireResponse || target.format !== 'payload') return false;
    return result.kind === 'timeout' && result.requestSent && !queue.facts.answered;
  }

  #probed(probe: OpenAttempt, result: AttemptResult): Consequence | null {
    const state = this.#state;
    const first = probe.onBehalfOf;
    const item = first?.item;
    if (first === null || item?.state !== 'sending') return null;
    item.state = 'waiting';
    const outcome = state.outcomeOf(result);
    if (outcome.kind === 'unwanted') {
      state.finish(probe, result, () => this.#takenUnanswered(item));
      return { kind: 'responding', isResponding: false };
    }
    if (outcome.kind === 'delivered') rememberAnswer(state);
    const timeout = state.outcomeOf({ kind: 'timeout', requestSent: true, ms: 0 });
    const ofEvent = outcome.kind === 'refused' ? outcome : timeout;
    state.finish(probe, result, () => applyOutcome(state, ofEvent, first, item));
    return null;
  }

  #takenUnanswered(item: QueuedEvent): NextStep {
    const { queue, pace, services } = this.#state;
    queue.leaveUnconfirmed(item);
    pace.recover(services.clock.monotonic());
    return { next: 'the listener takes events without an answer', isFailure: false };
  }
}

function earliest(deferred: readonly QueuedEvent[]): QueuedEvent | null {
  const [first] = deferred.filter(({ state }) => state === 'waiting').sort((a, b) => a.dueAt - b.dueAt);
  return first ?? null;
}
