import { findEntry } from '../../events/catalogue/catalogue.ts';
import type { KnownPushEvent, PushEvent } from '../../events/push-event.ts';
import type { ReceivedEvent } from '../../events/receive.ts';
import { callRecord, createCallTable, createEmergencyTable, emergencyChanges } from './calls.ts';
import {
  applyEvent,
  cachesUpdated,
  eventsAfter,
  eventsBefore,
  imaginedEvents,
  type LegacyEvent,
  type Outcome,
  otherEvent,
  playerAdded,
  playerRemoved,
  type Tables,
} from './legacy-events.ts';
import type { PlayerLookup } from './pairings.ts';
import { createReconciler, type Reconciling, type ReportedCalls } from './reconcile.ts';
import type { CallEntry, EmergencyCall, UnitChange } from './records.ts';
import { createStateView, type StateView } from './state-view.ts';
import { type AppliedToUnit, createUnitTable, type Pairing, type UnitSnapshot } from './units.ts';

/** One step of an event: an event of the official resource to trigger, or the moment at which the state changes. */
export type StateStep = { readonly emit: LegacyEvent } | { readonly commit: () => void };

export interface State extends StateView {
  /**
   * The steps of one event, to be run in order, each before the next is asked for. A simulated event has none.
   * Handlers of what is triggered before the commit find the old state, those after it the new one.
   */
  plan(received: ReceivedEvent): Iterable<StateStep>;
  /**
   * The official resource's events that an event would trigger, in order, as if it had come from the CAD. Nothing changes, and no
   * player becomes a unit by it.
   */
  rehearse(received: ReceivedEvent): StateStep[];
  /**
   * To be called when a player joined or became known by another identity, as often as that happens.
   *
   * @param source their server id
   * @returns the steps to run at once
   */
  playerSeen(source: number): StateStep[];
  /** To be called when a player dropped. @returns the steps to run at once */
  playerGone(source: number): StateStep[];
  /**
   * Takes what we have changed in the CAD ourselves, of which the CAD sends no event. It tells that a cache was updated and who
   * is a unit now, and nothing else. @returns the steps to run at once
   */
  amend(event: KnownPushEvent): StateStep[];
  /** To be called before the CAD is asked for its units; to be settled with all of them. Tells what `amend` tells. */
  reconcileUnits(): Reconciling<readonly UnitChange[], StateStep[]>;
  /** The same for calls. */
  reconcileCalls(): Reconciling<ReportedCalls, StateStep[]>;
  /** @returns all that is known, as plain values */
  snapshot(): StateSnapshot;
  /** Takes what was known before a restart. @returns the steps that tell who is a unit, to be run once scripts listen */
  restore(snapshot: StateSnapshot): StateStep[];
}

/** What is known, as plain values. */
export interface StateSnapshot {
  readonly units: readonly UnitSnapshot[];
  readonly calls: readonly CallEntry[];
  readonly emergencies: readonly EmergencyCall[];
}

export interface StateOptions {
  readonly clock: { monotonic(): number };
  readonly players: Pick<PlayerLookup, 'sourcesOfIdentities' | 'identifiersOf'>;
  /** Whether the official resource's events are triggered; asked for each event. The state changes all the same. */
  emitsLegacy(): boolean;
  /** Told when an event named a unit or a call that nobody has introduced. */
  unknownNamed?(what: 'units' | 'calls'): void;
}

/** What the events say is true now. Constant time an event, and bounded memory. */
export function createState({ clock, players, emitsLegacy, unknownNamed }: StateOptions): State {
  const tables: Tables = {
    units: createUnitTable(players),
    calls: createCallTable(),
    emergencies: createEmergencyTable(),
  };
  const reconciler = createReconciler(tables, clock);

  function applied(event: KnownPushEvent): Outcome {
    const outcome = applyEvent(event, tables, clock.monotonic());
    reconciler.touched(event, outcome);
    return outcome;
  }

  // No `yield*` here: each event comes this way, and handing on the steps of another iterator takes longer than making them.
  function* stepsOf(event: KnownPushEvent, body: ReceivedEvent['body']): Iterable<StateStep> {
    const legacy = emitsLegacy();
    if (event.type === 'EVENT_UNIT_LOGOUT') {
      const { identId } = event.data;
      yield { commit: () => tables.units.setLeaving(identId) };
    }
    if (legacy) for (const emit of eventsBefore(event.type, event.data, tables)) yield { emit };
    let outcome: Outcome | null = null;
    const commit = () => {
      tables.units.setLeaving(null);
      outcome = applied(event);
      if (outcome.units.some(isUnknown)) unknownNamed?.('units');
      if (outcome.calls.some(isUnknown)) unknownNamed?.('calls');
    };
    yield { commit };
    const done = outcome as Outcome | null;
    if (done === null || !legacy) return;
    const events = eventsAfter(event.type, event.data, done, tables) ?? [otherEvent(event.type, body.data)];
    for (const emit of events) yield { emit };
    if (done.units.length > 0) for (const step of pairingSteps(done.units)) yield step;
  }

  function stepsOfPairings(pairings: readonly Pairing[], toEvent: (pairing: Pairing) => LegacyEvent): StateStep[] {
    return emitsLegacy() ? toSteps(pairings.map(toEvent)) : [];
  }

  const silently = (events: readonly LegacyEvent[], units: readonly AppliedToUnit[]): StateStep[] =>
    emitsLegacy() ? [...toSteps(events), ...pairingSteps(units)] : [];

  return {
    ...createStateView(tables, clock),
    plan({ event, body }) {
      if (event.source === 'simulated') return [];
      if (isKnown(event)) return stepsOf(event, body);
      return emitsLegacy() ? [{ emit: otherEvent(event.type, body.data) }] : [];
    },
    rehearse({ event, body }) {
      if (!emitsLegacy()) return [];
      const other = otherEvent(event.type, body.data);
      return toSteps(isKnown(event) ? imaginedEvents(event, other, tables, clock.monotonic()) : [other]);
    },
    snapshot: () => ({
      units: tables.units.snapshot(),
      calls: tables.calls.all(),
      emergencies: [...tables.emergencies.on('waiting')],
    }),
    restore({ units, calls, emergencies }) {
      const now = clock.monotonic();
      for (const entry of calls) tables.calls.apply({ id: entry.dispatch.callId, next: () => callRecord(entry) }, now);
      for (const call of emergencies) tables.emergencies.apply({ id: call.callId, next: () => call }, now);
      const joined = units.flatMap((unit) => tables.units.restore(unit, now));
      return stepsOfPairings(joined, playerAdded);
    },
    amend(event) {
      const outcome = applied(event);
      return silently(cachesUpdated(outcome.calls.length > 0, emergencyChanges(event).length > 0), outcome.units);
    },
    reconcileUnits() {
      const { settle, abandon } = reconciler.units();
      return { settle: (units) => silently([], settle(units)), abandon };
    },
    reconcileCalls() {
      const { settle, abandon } = reconciler.calls();
      return {
        settle(report) {
          const { calls, emergencies } = settle(report);
          return silently(cachesUpdated(calls, emergencies), []);
        },
        abandon,
      };
    },
    playerSeen: (source) => stepsOfPairings(tables.units.addPlayer(source), playerAdded),
    playerGone: (source) => stepsOfPairings(tables.units.removePlayer(source), playerRemoved),
  };
}

function pairingSteps(units: readonly AppliedToUnit[]): StateStep[] {
  return toSteps([
    ...units.flatMap(({ left }) => left.map(playerRemoved)),
    ...units.flatMap(({ joined }) => joined.map(playerAdded)),
  ]);
}

const isUnknown = ({ after }: { after: { known: boolean } | undefined }): boolean =>
  after !== undefined && !after.known;

function toSteps(events: readonly LegacyEvent[]): StateStep[] {
  return events.map((emit) => ({ emit }));
}

function isKnown(event: PushEvent): event is KnownPushEvent {
  return event.valid && findEntry(event.type) !== undefined;
}
