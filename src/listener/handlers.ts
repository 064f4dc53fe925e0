import { describeUnknownType, type PushEvent, typeNamed } from '../events/push-event.ts';
import type { Clock } from '../lib/clock.ts';
import { attempt, type Subscriber, Subscribers, wantedTypes } from '../lib/subscribers.ts';
import { quoteText, reasonOf } from '../lib/text.ts';
import type { PushEventHandlers } from './push-event-listener.ts';

type Handler = (event: PushEvent) => unknown;
type ErrorHandler = (error: unknown, event: PushEvent) => unknown;

interface Registration extends Subscriber {
  types: ReadonlySet<string> | null;
  readonly handler: Handler;
}

/** The event handlers and error handlers that a program has registered on a listener or a worker. */
export class EventHandlers {
  readonly #clock: Pick<Clock, 'soon'>;
  readonly #warn: (line: string) => void;
  readonly #registrations = new Subscribers<Registration>(Number.POSITIVE_INFINITY);
  readonly #warnedTypes = new Set<string>();
  #errorHandlers: readonly ErrorHandler[] = [];
  #waitingEvents: PushEvent[] = [];

  /** @param warn prints one line: a handler failed and there is no error handler, or an event type is unknown */
  constructor(clock: Pick<Clock, 'soon'>, warn: (line: string) => void) {
    this.#clock = clock;
    this.#warn = warn;
  }

  on(types: string | readonly string[], handler: Handler): void {
    requireFunction(handler);
    const wanted = readTypes(types);
    this.#warnUnknownTypes(wanted);
    this.#registrations.add({ handler, types: wanted, owner: 'the program' });
  }

  off(types: string | readonly string[], handler: Handler): void {
    const removedTypes = readTypes(types);
    this.#registrations.remove((registration) => {
      if (registration.handler !== handler) return false;
      const { types } = registration;
      if (removedTypes === null || types === null) return removedTypes === types;
      const remaining = new Set([...types].filter((type) => !removedTypes.has(type)));
      registration.types = remaining;
      return remaining.size === 0;
    });
  }

  onError(handler: ErrorHandler): void {
    requireFunction(handler);
    this.#errorHandlers = [...this.#errorHandlers, handler];
  }

  /**
   * Runs an event's handlers at the next pass of the event loop, after its answer is sent. Keeps the order of events.
   */
  runSoon(event: PushEvent): void {
    this.#waitingEvents.push(event);
    // One pass runs the handlers of all events that wait by then.
    if (this.#waitingEvents.length === 1) this.#clock.soon(() => this.#runWaiting());
  }

  #runWaiting(): void {
    const events = this.#waitingEvents;
    this.#waitingEvents = [];
    for (const event of events) this.run(event);
  }

  /**
   * Runs an event's handlers at once.
   *
   * @param noteFailure called for each handler that fails, in addition to the error handlers
   * @returns a promise that resolves when all promises of the handlers have settled, or undefined if there are none
   */
  run(event: PushEvent, noteFailure?: () => void): Promise<unknown> | undefined {
    const pending: unknown[] = [];
    for (const { handler } of this.#registrations.wanting(event)) {
      const returned = attempt(
        () => handler(event),
        (error) => {
          noteFailure?.();
          return this.#reportFailure(error, event);
        },
      );
      if (returned !== undefined) pending.push(returned);
    }
    return pending.length === 0 ? undefined : Promise.all(pending);
  }

  #reportFailure(error: unknown, event: PushEvent): unknown {
    if (this.#errorHandlers.length === 0) {
      this.#warn(`A handler of a push event failed: ${describeFailure(error, event)}`);
      return undefined;
    }
    return Promise.all(this.#errorHandlers.map((handler) => this.#callErrorHandler(handler, error, event)));
  }

  async #callErrorHandler(handler: ErrorHandler, error: unknown, event: PushEvent): Promise<void> {
    try {
      await handler(error, event);
    } catch (secondError) {
      this.#warn(`The error handler failed for a push event: ${describeFailure(secondError, event)}`);
    }
  }

  /** Warns once of each type that is misspelt, or newer than this version. */
  #warnUnknownTypes(types: ReadonlySet<string> | null): void {
    for (const type of types ?? []) {
      const reason = describeUnknownType(type);
      if (reason !== null && !this.#warnedTypes.has(type)) {
        this.#warn(`A handler is registered for the event type ${quoteText(type)}, but ${reason}`);
      }
      this.#warnedTypes.add(type);
    }
  }
}

/**
 * Creates the public methods `on`, `off` and `onError` of a listener or a worker.
 *
 * @param getSelf returns the listener or worker, which each method returns for chaining
 */
export function createHandlerMethods<Self>(handlers: EventHandlers, getSelf: () => Self): PushEventHandlers<Self> {
  return {
    on(types: string | readonly string[], handler: (event: never) => unknown) {
      // The overloads of `on` pair each type with its event, which one implementation cannot express.
      handlers.on(types, handler as Handler);
      return getSelf();
    },
    off(types, handler) {
      handlers.off(types, handler as Handler);
      return getSelf();
    },
    onError(handler) {
      handlers.onError(handler);
      return getSelf();
    },
  };
}

function requireFunction(handler: unknown): void {
  if (typeof handler !== 'function') throw new TypeError('The handler of an event must be a function.');
}

/** @returns the types in upper case, or null for `*` */
function readTypes(types: unknown): ReadonlySet<string> | null {
  const list: readonly unknown[] = Array.isArray(types) ? types : [types];
  if (list.length === 0 || !list.every((type) => typeof type === 'string' && type !== '')) {
    throw new TypeError('The type of an event must be text such as "EVENT_911", a list of such types, or "*".');
  }
  return wantedTypes(list as readonly string[], typeNamed);
}

/** Describes a failure for the log, without the event's data, which can be about people. */
function describeFailure(error: unknown, { type, id }: PushEvent): string {
  return `type=${quoteText(type)} id=${quoteText(id)} reason=${quoteText(reasonOf(error))}`;
}
