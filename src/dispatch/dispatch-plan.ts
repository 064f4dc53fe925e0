import type { GameEvents } from '../platform/game-events.ts';
import type { PushEvent } from '../push-events/push-event.ts';
import type { ReceivedEvent } from '../push-events/receive-event.ts';
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
