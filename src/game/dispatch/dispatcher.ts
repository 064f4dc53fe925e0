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
export class Dispatcher {
  readonly #options: DispatcherOptions;
  #queue: { readonly received: ReceivedEvent; readonly bytes: number }[] = [];
  /** Events at the start of the queue that are dispatched. */
  #done = 0;
  #waitingBytes = 0;
  #current: Iterator<() => void> | null = null;
  /** How long the steps of the current event took so far. */
  #spentMs = 0;
  #isStarted = false;
  #isScheduled = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /**
   * Takes an event; it is dispatched at a later pass of the event loop, so that its answer goes first.
   *
   * @param bytes how long it was as it came
   */
  enqueue(received: ReceivedEvent, bytes = 0): void {
    const most = this.#isStarted ? MAX_WAITING : MAX_BEFORE_START;
    if (this.#waiting() >= most || this.#waitingBytes + bytes > MAX_WAITING_BYTES) {
      this.#options.log
        .coalesce({})
        .error(
          'Too many events wait to be dispatched in the game; the newest is left out (it is forwarded all the same).',
          { waiting: this.#waiting() },
        );
      return;
    }
    this.#queue.push({ received, bytes });
    this.#waitingBytes += bytes;
    this.#schedule();
  }

  /** Begins to dispatch: events that arrived before wait until consumers had their chance to subscribe. */
  start(): void {
    this.#isStarted = true;
    this.#schedule();
  }

  /** Dispatches all that is left, now, and nothing after. For the moment before the resource stops. */
  stop(): void {
    this.#isStarted = false;
    this.#run(Number.POSITIVE_INFINITY);
  }

  #waiting(): number {
    return this.#queue.length - this.#done;
  }

  #schedule(): void {
    if (!this.#isStarted || this.#isScheduled || this.#waiting() === 0) return;
    this.#isScheduled = true;
    this.#options.clock.soon(() => this.#runSlice());
  }

  #runSlice(): void {
    this.#isScheduled = false;
    // Scheduled just before the stop: by now nothing can be reached any more.
    if (!this.#isStarted) return;
    this.#run(this.#options.clock.monotonic() + SLICE_MS);
    // What is left has had its time: the game comes first.
    this.#schedule();
  }

  /** May be entered again from a step: a consumer can stop this resource inside its handler. */
  #run(until: number): void {
    const { stepsOf, finished, clock } = this.#options;
    let now = clock.monotonic();
    for (let next = this.#queue[this.#done]; next !== undefined; next = this.#queue[this.#done]) {
      const { received, bytes } = next;
      this.#current ??= stepsOf(received)[Symbol.iterator]();
      const step = this.#current.next();
      if (step.done) {
        this.#current = null;
        this.#done += 1;
        this.#waitingBytes -= bytes;
      } else {
        this.#attempt(step.value, received);
      }
      const before = now;
      now = clock.monotonic();
      this.#spentMs += now - before;
      if (this.#current === null) {
        finished?.(received.event, this.#spentMs);
        this.#spentMs = 0;
      }
      if (now >= until) break;
    }
    this.#queue = this.#queue.slice(this.#done);
    this.#done = 0;
  }

  #attempt(step: () => void, { event }: ReceivedEvent): void {
    try {
      step();
    } catch (error) {
      const origin = { type: event.type, reason: reasonOf(error) };
      this.#options.log
        .coalesce(origin)
        .error('A step of dispatching an event failed; the others are done.', { id: event.id });
    }
  }
}
