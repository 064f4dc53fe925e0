import { findEntry } from '../push-events/catalogue/catalogue.ts';
import type { KnownPushEvent, PushEvent } from '../push-events/push-event.ts';
import type { ReceivedEvent } from '../push-events/receive-event.ts';
import { callRecord } from './call-changes.ts';
import { createCallTable } from './call-table.ts';
import { createEmergencyTable } from './emergency-table.ts';
import {
  eventsAfter,
  eventsBefore,
  type LegacyEvent,
  otherEvent,
  playerAdded,
  playerRemoved,
} from './legacy-events.ts';
import { applyEvent, type Outcome, type Tables } from './outcome.ts';
import type { PlayerLookup } from './player-lookup.ts';
import type { CallEntry, EmergencyCall } from './records.ts';
import { createStateView, type StateView } from './state-view.ts';
import { createUnitTable, type Pairing, type UnitSnapshot } from './unit-table.ts';

/** One step of an event: an event of the official resource to trigger, or the moment at which the state changes. */
export type StateStep = { readonly emit: LegacyEvent } | { readonly commit: () => void };

export interface State extends StateView {
  /**
   * The steps of one event, to be run in order, each before the next is asked for. A simulated event has none.
   * Handlers of what is triggered before the commit find the old state, those after it the new one.
   */
  plan(received: ReceivedEvent): Iterable<StateStep>;
  /**
   * To be called when a player joined or became known by another identity, as often as that happens.
   *
   * @param source their server id
   * @returns the steps to run at once
   */
  playerSeen(source: number): StateStep[];
  /** To be called when a player dropped. @returns the steps to run at once */
  playerGone(source: number): StateStep[];
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
}

/** What the events say is true now. Constant time an event, and bounded memory. */
export function createState({ clock, players, emitsLegacy }: StateOptions): State {
  const tables: Tables = {
    units: createUnitTable(players),
    calls: createCallTable(),
    emergencies: createEmergencyTable(),
  };

  function* stepsOf(event: KnownPushEvent, other: LegacyEvent): Iterable<StateStep> {
    const legacy = emitsLegacy();
    if (event.type === 'EVENT_UNIT_LOGOUT') {
      const { identId } = event.data;
      yield { commit: () => tables.units.setLeaving(identId) };
    }
    if (legacy) yield* toSteps(eventsBefore(event.type, event.data, tables));
    const done: { outcome?: Outcome } = {};
    yield {
      commit() {
        tables.units.setLeaving(null);
        done.outcome = applyEvent(event, tables, clock.monotonic());
      },
    };
    if (done.outcome === undefined || !legacy) return;
    yield* toSteps(eventsAfter(event.type, event.data, done.outcome, tables) ?? [other]);
    yield* toSteps(done.outcome.units.flatMap(({ left }) => left.map(playerRemoved)));
    yield* toSteps(done.outcome.units.flatMap(({ joined }) => joined.map(playerAdded)));
  }

  function stepsOfPairings(pairings: readonly Pairing[], toEvent: (pairing: Pairing) => LegacyEvent): StateStep[] {
    return emitsLegacy() ? toSteps(pairings.map(toEvent)) : [];
  }

  return {
    ...createStateView(tables, clock),
    *plan({ event, body }) {
      if (event.source === 'simulated') return;
      const other = otherEvent(event.type, body.data);
      if (isKnown(event)) yield* stepsOf(event, other);
      else if (emitsLegacy()) yield { emit: other };
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
    playerSeen: (source) => stepsOfPairings(tables.units.addPlayer(source), playerAdded),
    playerGone: (source) => stepsOfPairings(tables.units.removePlayer(source), playerRemoved),
  };
}

function toSteps(events: readonly LegacyEvent[]): StateStep[] {
  return events.map((emit) => ({ emit }));
}

function isKnown(event: PushEvent): event is KnownPushEvent {
  return event.valid && findEntry(event.type) !== undefined;
}
