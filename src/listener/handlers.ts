import type { PushEvent } from '../events/push-event.ts';
import type { Clock } from '../lib/clock.ts';
import { isThenable } from '../lib/is-thenable.ts';
import { quoteText, reasonOf } from '../lib/text.ts';

type Handler = (event: PushEvent) => unknown;
type ErrorHandler = (error: unknown, event: PushEvent) => unknown;

/** What was given to `on` and `onError`. */
export interface Handlers {
  on(types: string | readonly string[], handler: Handler): void;
  off(types: string | readonly string[], handler: Handler): void;
  onError(handler: ErrorHandler): void;
  /**
   * Calls the handlers of an event at the next pass of the event loop, when its answer is out: one after the other, without
   * waiting for what they return, and after those of the events before it.
   */
  runSoon(event: PushEvent): void;
  /** Calls the handlers of an event at once. @returns what settles, and never rejects, when all that they returned has */
  run(event: PushEvent): Promise<unknown> | undefined;
}

interface Registration {
  readonly handler: Handler;
  /** null for every event, those that were not understood among them. */
  readonly types: ReadonlySet<string> | null;
}

/** @param warn says in one line that a handler failed, when there is no other handler to say it to */
export function createHandlers(clock: Pick<Clock, 'soon'>, warn: (line: string) => void): Handlers {
  let waiting: PushEvent[] = [];
  let registrations: readonly Registration[] = [];
  let errorHandlers: readonly ErrorHandler[] = [];

  /** @returns what settles when the handler has; undefined when it has already */
  function call(handler: Handler, event: PushEvent): unknown {
    try {
      const returned = handler(event);
      return isThenable(returned) ? returned.then(undefined, (error) => failed(error, event)) : undefined;
    } catch (error) {
      return failed(error, event);
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

  function run(event: PushEvent): Promise<unknown> | undefined {
    const unsettled: unknown[] = [];
    // Those of this moment: whoever is added or taken out by a handler of this event is so for the next one.
    for (const { handler, types } of registrations) {
      if (types !== null && !(event.valid && types.has(event.type))) continue;
      const returned = call(handler, event);
      if (returned !== undefined) unsettled.push(returned);
    }
    return unsettled.length === 0 ? undefined : Promise.all(unsettled);
  }

  return {
    on(types, handler) {
      requireFunction(handler);
      registrations = [...registrations, { handler, types: readTypes(types) }];
    },
    off(types, handler) {
      const ended = readTypes(types);
      registrations = registrations.flatMap((registration) => {
        if (registration.handler !== handler) return [registration];
        if (ended === null || registration.types === null) return ended === registration.types ? [] : [registration];
        const left = new Set([...registration.types].filter((type) => !ended.has(type)));
        return left.size === 0 ? [] : [{ handler, types: left }];
      });
    },
    onError(handler) {
      requireFunction(handler);
      errorHandlers = [...errorHandlers, handler];
    },
    runSoon(event) {
      waiting.push(event);
      // One pass takes all that have come by then.
      if (waiting.length === 1) clock.soon(runWaiting);
    },
    run,
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
  return given.includes('*') ? null : new Set(given.map((type) => String(type).toUpperCase()));
}

/** Without anything of the event's data: it may be about people, and belongs in no log. */
function describe(what: string, error: unknown, { type, id }: PushEvent): string {
  return `${what} of a push event failed: type=${quoteText(type)} id=${quoteText(id)} reason=${quoteText(reasonOf(error))}`;
}
