import type { GameEvents } from '../platform/game-events.ts';
import type { ReceivedEvent } from '../push-events/receive-event.ts';
import type { Subscriptions } from './subscriptions.ts';

/**
 * @returns a function that gives the steps by which one event reaches the game: subscribers first, then the local events.
 *   The event's own name is only triggered when its data was understood: whoever listens to it relies on the shape.
 */
export function createDispatchPlan(
  subscriptions: Subscriptions,
  events: GameEvents,
): (received: ReceivedEvent) => Iterable<() => void> {
  return function* plan({ event }) {
    yield* subscriptions.callsFor(event);
    yield () => events.emit('sonorancad:pushEvent', event);
    if (event.valid) yield () => events.emit(`sonorancad:pushEvent:${event.type}`, event.data, event);
  };
}
