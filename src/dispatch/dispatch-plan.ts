import type { GameEvents } from '../platform/game-events.ts';
import type { ReceivedEvent } from '../push-events/receive-event.ts';
import { legacyEvents } from './legacy-events.ts';
import type { Subscriptions } from './subscriptions.ts';

/**
 * @returns a function that gives the steps by which one event reaches the game: the official resource's events, subscribers,
 *   then the local events. The event's own name is only triggered when its data was understood: whoever listens to it relies
 *   on the shape.
 */
export function createDispatchPlan(
  subscriptions: Subscriptions,
  events: GameEvents,
): (received: ReceivedEvent) => Iterable<() => void> {
  return function* plan(received) {
    const { event } = received;
    for (const [name, ...args] of legacyEvents(received)) yield () => events.emit(name, ...args);
    yield* subscriptions.callsFor(received);
    yield () => events.emit('sonorancad:pushEvent', event);
    if (event.valid) yield () => events.emit(`sonorancad:pushEvent:${event.type}`, event.data, event);
  };
}
