import type { PushEvent } from '../../events/push-event.ts';
import type { ReceivedEvent } from '../../events/receive.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { reasonOf } from '../../lib/text.ts';

interface DispatcherOptions {
  /** @returns the steps of one event, in order */
  stepsOf(received: ReceivedEvent): Iterable<() => void>;
  /** Told of each event when all its steps are done. @param ms how long they held the game's thread, all together */
  finished?(event: PushEvent, ms: number): void;
  readonly clock: Clock;
  readonly log: Log;
}

/** A sixth of the game's 50 ms tick: what takes longer is felt by players. */
const SLICE_MS = 8;
/** Events kept until consumers are there. */
const MAX_BEFORE_START = 1_000;
/** Events kept while consumers are too slow for what arrives. */
const MAX_WAITING = 10_000;
/** Of the bodies that the waiting events came in: a byte of them may take twenty in memory. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

/** Hands events to the game in the order of their arrival, without holding it up. */
export function createDispatcher({ stepsOf, finished, clock, log }: DispatcherOptions) {
  let queue: { readonly received: ReceivedEvent; readonly bytes: number }[] = [];
  let done = 0;
  let waitingBytes = 0;
  let current: Iterator<() => void> | null = null;
  /** How long the steps of the current event took so far. */
  let spent = 0;
  let started = false;
  let scheduled = false;

  const waiting = () => queue.length - done;

  function schedule(): void {
    if (!started || scheduled || waiting() === 0) return;
    scheduled = true;
    clock.soon(runSlice);
  }

  function runSlice(): void {
    scheduled = false;
    // Scheduled just before the stop: by now nothing can be reached any more.
    if (!started) return;
    run(clock.monotonic() + SLICE_MS);
    // What is left has had its time: the game comes first.
    schedule();
  }

  /** May be entered again from a step: a consumer can stop this resource inside its handler. */
  function run(until: number): void {
    let now = clock.monotonic();
    for (let next = queue[done]; next !== undefined; next = queue[done]) {
      const { received, bytes } = next;
      current ??= stepsOf(received)[Symbol.iterator]();
      const step = current.next();
      if (step.done) {
        current = null;
        done += 1;
        waitingBytes -= bytes;
      } else {
        attempt(step.value, received);
      }
      const before = now;
      now = clock.monotonic();
      spent += now - before;
      if (current === null) {
        finished?.(received.event, spent);
        spent = 0;
      }
      if (now >= until) break;
    }
    queue = queue.slice(done);
    done = 0;
  }

  function attempt(step: () => void, { event }: ReceivedEvent): void {
    try {
      step();
    } catch (error) {
      const origin = { type: event.type, reason: reasonOf(error) };
      log.coalesce(origin).error('A step of dispatching an event failed; the others are done.', { id: event.id });
    }
  }

  return {
    /**
     * Takes an event; it is dispatched at a later pass of the event loop, so that its answer goes first.
     *
     * @param bytes how long it was as it came
     */
    enqueue(received: ReceivedEvent, bytes = 0): void {
      const most = started ? MAX_WAITING : MAX_BEFORE_START;
      if (waiting() >= most || waitingBytes + bytes > MAX_WAITING_BYTES) {
        log
          .coalesce({})
          .error(
            'Too many events wait to be dispatched in the game; the newest is left out (it is forwarded all the same).',
            { waiting: waiting() },
          );
        return;
      }
      queue.push({ received, bytes });
      waitingBytes += bytes;
      schedule();
    },
    /** Begins to dispatch: what was taken before waits until consumers had their chance to subscribe. */
    start(): void {
      started = true;
      schedule();
    },
    /** Dispatches all that is left, now, and nothing after. For the moment before the resource stops. */
    stop(): void {
      started = false;
      run(Number.POSITIVE_INFINITY);
    },
  };
}
