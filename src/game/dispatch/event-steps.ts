import { toClientData } from '../../events/catalogue/catalogue.ts';
import type { PushEvent } from '../../events/push-event.ts';
import type { ReceivedEvent } from '../../events/receive.ts';
import type { ClientEvents, GameEvents } from '../../platform/events.ts';
import { PLAYER_ADDED, PLAYER_REMOVED } from '../state/legacy-events.ts';
import type { State, StateStep } from '../state/state.ts';
import type { NetEvents } from './net-events.ts';
import type { Subscriptions } from './subscriptions.ts';

/** An event that the command `test` made, for a dry run. Its `source` is `simulated`. */
export interface SimulatedEvent extends ReceivedEvent {
  /** Server id of the player who made it; 0 for the console. */
  readonly madeBy: number;
  /** Whether it reaches also those who cannot tell it from a real one: the official resource's events, players' games. */
  readonly forAll: boolean;
}

interface EventStepsOptions {
  readonly state: Pick<State, 'stepsOf' | 'dryRun'>;
  /** Gets each event just before the state does. */
  learn(event: PushEvent): void;
  runStep(step: StateStep): void;
  readonly subscriptions: Pick<Subscriptions, 'callsFor'>;
  readonly events: Pick<GameEvents, 'emit'>;
  readonly netEvents: NetEvents;
  readonly notifications: {
    /** Called before the event changes the state. @returns what is to be done last */
    begin(event: PushEvent): () => void;
    /** Shows the player who made an event what others would be told. */
    preview(event: PushEvent, source: number): void;
  };
}

/** @returns a function that gives the steps by which an event reaches the game. Each is to be run before the next is asked for */
export function createEventSteps(options: EventStepsOptions): (received: ReceivedEvent) => Iterable<() => void> {
  const { state, learn, runStep, subscriptions, events, netEvents, notifications } = options;

  function* stepsOf(received: ReceivedEvent): Iterable<() => void> {
    const { event } = received;
    const endings: (() => void)[] = [];
    yield () => endings.push(netEvents.begin(event));
    yield () => endings.push(notifications.begin(event));
    yield () => learn(event);
    for (const step of state.stepsOf(received)) yield () => runStep(step);
    for (const call of subscriptions.callsFor(received)) yield call;
    yield () => events.emit('sonorancad:pushEvent', event);
    // Only when its data was understood: handlers of its own name rely on the shape.
    if (event.valid) yield () => events.emit(`sonorancad:pushEvent:${event.type}`, event.data, event);
    for (const ending of endings) yield ending;
  }

  /**
   * A simulated event changes nothing and reaches those who see that it is one: subscribers of events (not those of bodies, which
   * have no `source`), and the local events. Only when it is for all, the others too.
   */
  function* dryRunSteps(received: SimulatedEvent): Iterable<() => void> {
    const { event, madeBy, forAll } = received;
    for (const step of forAll ? state.dryRun(received) : []) yield () => runStep(step);
    yield* subscriptions.callsFor(received, forAll ? 'all' : 'event');
    yield () => events.emit('sonorancad:pushEvent', event);
    yield () => events.emit(`sonorancad:pushEvent:${event.type}`, event.data, event);
    if (forAll) yield () => netEvents.begin(event, madeBy > 0 ? [madeBy] : [])();
    if (madeBy > 0) yield () => notifications.preview(event, madeBy);
  }

  return (received) => (isSimulated(received) ? dryRunSteps(received) : stepsOf(received));
}

function isSimulated(received: ReceivedEvent): received is SimulatedEvent {
  return received.event.source === 'simulated';
}

/**
 * @returns a function that runs a step of the state. A player's game is told what scripts are: of a player who became a unit
 *   (the net event `SonoranCAD::core:AddPlayer` with as much of the unit as a game may see) or no longer is one
 *   (`SonoranCAD::core:RemovePlayer`). Where the official resource's events are not triggered, there are none of these.
 */
export function createStepRunner(events: Pick<GameEvents, 'emit'>, clients: Pick<ClientEvents, 'send'>) {
  return (step: StateStep): void => {
    if ('commit' in step) {
      step.commit();
      return;
    }
    events.emit(...step.emit);
    const [name, source, unit] = step.emit;
    if (name === PLAYER_ADDED) announceUnit(Number(source), unit, clients);
    if (name === PLAYER_REMOVED) clients.send(PLAYER_REMOVED, Number(source));
  };
}

/** Tells a player's game which unit its player is. */
export function announceUnit(source: number, unit: unknown, clients: Pick<ClientEvents, 'send'>): void {
  const shown = toClientData('EVENT_UNIT_LOGIN', { unit }) as { readonly unit?: unknown } | null;
  clients.send(PLAYER_ADDED, source, shown?.unit ?? null);
}
