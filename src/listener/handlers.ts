import { describeUnknownType, type PushEvent, typeNamed } from '../events/push-event.ts';
import type { Clock } from '../lib/clock.ts';
import { attempt, type Subscriber, Subscribers, wantedTypes } from '../lib/subscribers.ts';
import { quoteText, reasonOf } from '../lib/text.ts';
import type { PushEventHandlers } from './push-event-listener.ts';

type Handler = (event: PushEvent) => unknown;
type ErrorHandler = (error: unknown, event: PushEvent) => unknown;

export type Handlers = ReturnType<typeof createHandlers>;

interface Registration extends Subscriber {
  types: ReadonlySet<string> | null;
  readonly handler: Handler;
}

/**
 * What was given to `on` and `onError`.
 *
 * @param warn says in one line that a handler failed, when there is no handler of errors, or that no event has the type it is for
 */
export function createHandlers(clock: Pick<Clock, 'soon'>, warn: (line: string) => void) {
  let waiting: PushEvent[] = [];
  const registrations = new Subscribers<Registration>(Number.POSITIVE_INFINITY);
  const told = new Set<string>();
  let errorHandlers: readonly ErrorHandler[] = [];

  /** Tells once of a type that is misspelt, or newer than this version. */
  function tellUnknown(types: ReadonlySet<string> | null): void {
    for (const type of types ?? []) {
      const reason = describeUnknownType(type);
      if (reason !== null && !told.has(type))
        warn(`A handler is for events of the type ${quoteText(type)}, but ${reason}`);
      told.add(type);
    }
  }

  function failed(error: unknown, event: PushEvent): unknown {
    if (errorHandlers.length === 0) {
      warn(describe('A handler', error, event));
      return undefined;
    }
    return Promise.all(errorHandlers.map((handler) => tell(handler, error, event)));
  }

  async function tell(handler: ErrorHandler, error: unknown, event: PushEvent): Promise<void> {
    try {
      await handler(error, event);
    } catch (second) {
      warn(describe('The handler of errors', second, event));
    }
  }

  function runWaiting(): void {
    const arrived = waiting;
    waiting = [];
    for (const event of arrived) run(event);
  }

  /**
   * Calls the handlers of an event at once.
   *
   * @param noteFailure called for each that fails, beside the handlers of errors
   * @returns what settles, and never rejects, when all that they returned has
   */
  function run(event: PushEvent, noteFailure?: () => void): Promise<unknown> | undefined {
    const returned = registrations.wanting(event).map(({ handler }) =>
      attempt(
        () => handler(event),
        (error) => {
          noteFailure?.();
          return failed(error, event);
        },
      ),
    );
    const unsettled = returned.filter((each) => each !== undefined);
    return unsettled.length === 0 ? undefined : Promise.all(unsettled);
  }

  return {
    on(types: string | readonly string[], handler: Handler): void {
      requireFunction(handler);
      const wanted = readTypes(types);
      tellUnknown(wanted);
      registrations.add({ handler, types: wanted, owner: 'the program' });
    },
    off(types: string | readonly string[], handler: Handler): void {
      const ended = readTypes(types);
      registrations.remove((registration) => {
        const { handler: own, types: wanted } = registration;
        if (own !== handler) return false;
        if (ended === null || wanted === null) return ended === wanted;
        registration.types = new Set([...wanted].filter((type) => !ended.has(type)));
        return registration.types.size === 0;
      });
    },
    onError(handler: ErrorHandler): void {
      requireFunction(handler);
      errorHandlers = [...errorHandlers, handler];
    },
    /** Calls them when the event's answer is out, without waiting for what they return, and after those of earlier events. */
    runSoon(event: PushEvent): void {
      waiting.push(event);
      // One pass takes all that have come by then.
      if (waiting.length === 1) clock.soon(runWaiting);
    },
    run,
  };
}

/** @returns the methods by which the users of a listener or worker give their handlers. @param self what they give back */
export function handlerMethods<Self>(handlers: Handlers, self: () => Self): PushEventHandlers<Self> {
  return {
    on(types: string | readonly string[], handler: (event: never) => unknown) {
      // Which events a handler takes is what its types say.
      handlers.on(types, handler as Handler);
      return self();
    },
    off(types, handler) {
      handlers.off(types, handler as Handler);
      return self();
    },
    onError(handler) {
      handlers.onError(handler);
      return self();
    },
  };
}

function requireFunction(handler: unknown): void {
  if (typeof handler !== 'function') throw new TypeError('The handler of an event must be a function.');
}

/** @returns null for `*` */
function readTypes(types: unknown): ReadonlySet<string> | null {
  const given: readonly unknown[] = Array.isArray(types) ? types : [types];
  if (given.length === 0 || !given.every((type) => typeof type === 'string' && type !== '')) {
    throw new TypeError('The type of an event must be text such as "EVENT_911", a list of such, or "*".');
  }
  return wantedTypes(given as readonly string[], typeNamed);
}

/** Without anything of the event's data: it may be about people, and belongs in no log. */
function describe(what: string, error: unknown, { type, id }: PushEvent): string {
  return `${what} of a push event failed: type=${quoteText(type)} id=${quoteText(id)} reason=${quoteText(reasonOf(error))}`;
}
