import type { PushEvent } from '../../events/push-event.ts';
import type { ReceivedEvent } from '../../events/receive.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { reasonOf } from '../../lib/text.ts';
import type { GameEvents } from '../../platform/events.ts';
import type { Subscriptions } from './subscriptions.ts';

/** A server-local event to trigger (its name and arguments), or something to do between two of them. */
export type DispatchStep =
  | { readonly emit: readonly [name: string, ...args: unknown[]] }
  | { readonly commit: () => void };

/** Something that compares how things stood before an event with how they stand after it. */
export interface EventWatcher {
  /** Called before the event changes the state. @returns what is to be done last */
  begin(event: PushEvent): () => void;
}

/**
 * @param stateSteps gives what comes first for each event: the official resource's events and the change of the state. A step is
 *   asked for once the one before it was run
 * @param watchers what tells players' games and players
 * @returns a function that gives the steps by which one event reaches the game: those, subscribers, the local events, and last what
 *   the watchers do. The event's own name is only triggered when its data was understood: whoever listens to it relies on the shape.
 */
export function createDispatchPlan(
  subscriptions: Subscriptions,
  events: Pick<GameEvents, 'emit'>,
  stateSteps: (received: ReceivedEvent) => Iterable<DispatchStep>,
  watchers: readonly EventWatcher[],
): (received: ReceivedEvent) => Iterable<() => void> {
  return function* plan(received) {
    const { event } = received;
    const endings: (() => void)[] = [];
    for (const watcher of watchers) yield () => endings.push(watcher.begin(event));
    for (const step of stateSteps(received)) yield 'commit' in step ? step.commit : () => events.emit(...step.emit);
    for (const call of subscriptions.callsFor(received)) yield call;
    yield () => events.emit('sonorancad:pushEvent', event);
    if (event.valid) yield () => events.emit(`sonorancad:pushEvent:${event.type}`, event.data, event);
    for (const ending of endings) yield ending;
  };
}

export function runStep(step: DispatchStep, events: Pick<GameEvents, 'emit'>): void {
  if ('commit' in step) step.commit();
  else events.emit(...step.emit);
}

/** Hands events to the game in the order of their arrival, without holding it up. */
export interface Dispatcher {
  /** Takes an event; it is dispatched at a later pass of the event loop, so that its answer goes first. */
  enqueue(received: ReceivedEvent): void;
  /** Begins to dispatch: what was taken before waits until consumers had their chance to subscribe. */
  start(): void;
  /** Dispatches all that is left, now, and nothing after. For the moment before the resource stops. */
  stop(): void;
}

export interface DispatcherOptions {
  /** @returns the steps of one event, in order */
  plan(received: ReceivedEvent): Iterable<() => void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A sixth of the game's 50 ms tick: what takes longer is felt by players. */
const SLICE_MS = 8;
/** Events kept until consumers are there. */
const MAX_BEFORE_START = 1_000;
/** Events kept while consumers are too slow for what arrives. */
const MAX_WAITING = 10_000;

export function createDispatcher({ plan, clock, log }: DispatcherOptions): Dispatcher {
  let queue: ReceivedEvent[] = [];
  let done = 0;
  let current: Iterator<() => void> | null = null;
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
    // A request that came just before the stop is gone through after it, when nobody can be reached any more.
    if (!started) return;
    run(clock.monotonic() + SLICE_MS);
    // What is left has had its time: the game comes first.
    schedule();
  }

  /** May be entered again from a step: a consumer can stop this resource inside its handler. */
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
      schedule();
    },
    start() {
      started = true;
      schedule();
    },
    stop() {
      started = false;
      run(Number.POSITIVE_INFINITY);
    },
  };
}
