import type { ReceivedEvent } from '../../events/receive.ts';
import type { GameEvents } from '../../platform/events.ts';
import { type DispatchStep, runStep } from './dispatcher.ts';
import type { NetEvents } from './net-events.ts';
import type { Subscriptions } from './subscriptions.ts';

/** An event that the command `test` made. Its `source` is `simulated`. */
export interface SimulatedEvent extends ReceivedEvent {
  /** Server id of the player who made it; 0 for the console. */
  readonly madeBy: number;
  /** Whether it reaches also those who cannot tell it from a real one: the official resource's events, players' games. */
  readonly forAll: boolean;
}

export interface SimulatedPlanOptions {
  /** The steps of an event from the CAD. */
  plan(received: ReceivedEvent): Iterable<() => void>;
  readonly subscriptions: Pick<Subscriptions, 'callsFor'>;
  readonly events: Pick<GameEvents, 'emit'>;
  /** The official resource's events, without any change of the state. */
  rehearse(received: ReceivedEvent): Iterable<DispatchStep>;
  readonly netEvents: NetEvents;
  /** Shows the player who made the event what others would be told. */
  preview(event: ReceivedEvent['event'], source: number): void;
}

/**
 * @returns a function that gives the steps of any event. A simulated one changes nothing and reaches those who see that it is: subscribers
 *   of events (not those of bodies, which have no `source`), and the local events. Only when it is for all, the others too.
 */
export function createSimulatedPlan(options: SimulatedPlanOptions): (received: ReceivedEvent) => Iterable<() => void> {
  const { plan, subscriptions, events, rehearse, netEvents, preview } = options;

  function* simulated(received: SimulatedEvent): Iterable<() => void> {
    const { event, madeBy, forAll } = received;
    for (const step of forAll ? rehearse(received) : []) yield () => runStep(step, events);
    yield* subscriptions.callsFor(received, forAll ? 'all' : 'event');
    yield () => events.emit('sonorancad:pushEvent', event);
    yield () => events.emit(`sonorancad:pushEvent:${event.type}`, event.data, event);
    if (forAll) yield () => netEvents.begin(event, madeBy > 0 ? [madeBy] : [])();
    if (madeBy > 0) yield () => preview(event, madeBy);
  }

  return (received) => (isSimulated(received) ? simulated(received) : plan(received));
}

function isSimulated(received: ReceivedEvent): received is SimulatedEvent {
  return received.event.source === 'simulated';
}
