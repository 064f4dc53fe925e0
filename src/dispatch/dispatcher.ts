import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { ReceivedEvent } from '../push-events/receive-event.ts';
import { reasonOf } from '../text/reason-of.ts';

/** Hands events to the game in the order of their arrival, without holding it up. */
export interface Dispatcher {
  /** Takes an event; it is dispatched later, never inside this call. */
  enqueue(received: ReceivedEvent): void;
  /** Begins to dispatch: what was taken before waits until consumers had their chance to subscribe. */
  start(): void;
  /** Dispatches all that is left, now. For the moment before the resource stops. */
  drain(): void;
}

export interface DispatcherOptions {
  /** @returns the steps of one event, in order */
  plan(received: ReceivedEvent): Iterable<() => void>;
  readonly clock: Clock;
  /** Calls once the event is answered that is being taken; at the next pass of the event loop unless given. */
  afterAnswers?(callback: () => void): void;
  readonly log: Log;
}

/** A sixth of the game's 50 ms tick: what takes longer is felt by players. */
const SLICE_MS = 8;
/** Events kept until consumers are there. */
const MAX_BEFORE_START = 1_000;
/** Events kept while consumers are too slow for what arrives. */
const MAX_WAITING = 10_000;

export function createDispatcher({ plan, clock, afterAnswers = clock.soon, log }: DispatcherOptions): Dispatcher {
  let queue: ReceivedEvent[] = [];
  let done = 0;
  let current: Iterator<() => void> | null = null;
  let started = false;
  let scheduled = false;

  const waiting = () => queue.length - done;

  function schedule(call: (callback: () => void) => void): void {
    if (!started || scheduled || waiting() === 0) return;
    scheduled = true;
    call(runSlice);
  }

  function runSlice(): void {
    scheduled = false;
    run(clock.monotonic() + SLICE_MS);
    // What is left has had its time: the game comes first.
    schedule(clock.soon);
  }

  /** May be entered again from a step: a consumer can stop this resource, and so drain, inside its handler. */
  function run(until: number): void {
    for (let received = queue[done]; received !== undefined; received = queue[done]) {
      current ??= plan(received)[Symbol.iterator]();
      const step = current.next();
      if (step.done) {
        current = null;
        done += 1;
      } else {
        attempt(step.value, received);
      }
      if (clock.monotonic() >= until) break;
    }
    queue = queue.slice(done);
    done = 0;
  }

  function attempt(step: () => void, { event }: ReceivedEvent): void {
    try {
      step();
    } catch (error) {
      log.error('A step of dispatching an event failed; the others are done.', {
        type: event.type,
        id: event.id,
        reason: reasonOf(error),
      });
    }
  }

  return {
    enqueue(received) {
      const most = started ? MAX_WAITING : MAX_BEFORE_START;
      if (waiting() >= most) {
        log.error(
          'Too many events wait to be dispatched in the game; the newest is left out (it is forwarded all the same).',
          { waiting: waiting() },
        );
        return;
      }
      queue.push(received);
      schedule(afterAnswers);
    },
    start() {
      started = true;
      schedule(clock.soon);
    },
    drain() {
      run(Number.POSITIVE_INFINITY);
    },
  };
}
