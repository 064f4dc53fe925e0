import { findEntry } from '../../events/catalogue/catalogue.ts';
import type { LegacyEvent } from '../../events/catalogue/legacy-events.ts';
import type { KnownPushEvent, PushEvent } from '../../events/push-event.ts';
import type { ReceivedEvent } from '../../events/receive.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { KeyValueStore } from '../../platform/kvp-store.ts';
import type { PlayerLookup } from '../players/players.ts';
import {
  cachesUpdated,
  callsUpdated,
  dryRunEvents,
  eventsAfter,
  eventsBefore,
  otherEvent,
  playerAdded,
  playerRemoved,
  type StateRecords,
} from './legacy-events.ts';
import { createResync, followedBy } from './resync.ts';
import { type AppliedEvent, createStateView, createTables, type StateSnapshot } from './tables.ts';
import type { AppliedToUnit, Pairing } from './units.ts';

/** One step of an event: an event of the official resource to trigger, or the moment at which the state changes. */
export type StateStep = { readonly emit: LegacyEvent } | { readonly commit: () => void };

interface StateOptions {
  readonly clock: { monotonic(): number };
  readonly players: PlayerLookup;
  /** Whether the official resource's events are triggered; asked for each event. The state changes all the same. */
  emitsLegacy(): boolean;
  /** Gets what an event named without introducing it: a unit or a call. */
  unknownNamed?(what: 'units' | 'calls'): void;
}

export type State = ReturnType<typeof createState>;

/** Who is signed in and which calls there are. What returns steps wants them to be run at once, in order. */
export function createState({ clock, players, emitsLegacy, unknownNamed }: StateOptions) {
  const tables = createTables(players, clock);
  const resync = createResync(tables, clock);
  const known: StateRecords = { unit: tables.units.get, call: tables.calls.get };

  function apply(event: KnownPushEvent): AppliedEvent {
    const applied = tables.apply(event);
    resync.touched(applied);
    return applied;
  }

  // No `yield*` here: each event comes this way, and handing on the steps of another iterator takes longer than making them.
  function* knownSteps(event: KnownPushEvent, body: ReceivedEvent['body']): Iterable<StateStep> {
    const legacy = emitsLegacy();
    if (event.type === 'EVENT_UNIT_LOGOUT') {
      const { identId } = event.data;
      yield { commit: () => tables.units.setLeaving(identId) };
    }
    if (legacy) for (const emit of eventsBefore(event, known)) yield { emit };
    let applied: AppliedEvent | null = null;
    const commit = () => {
      tables.units.setLeaving(null);
      applied = apply(event);
      if (applied.units.some(isUnknown)) unknownNamed?.('units');
      if (applied.calls.some(isUnknown)) unknownNamed?.('calls');
    };
    yield { commit };
    // The commit was run by now, which the compiler cannot see.
    const done = applied as AppliedEvent | null;
    if (done === null || !legacy) return;
    for (const emit of eventsAfter(event, body.data, done, known)) yield { emit };
    if (done.units.length > 0) for (const emit of pairingEvents(done.units)) yield { emit };
  }

  const toSteps = (events: readonly LegacyEvent[]): StateStep[] =>
    emitsLegacy() ? events.map((emit) => ({ emit })) : [];

  return {
    ...createStateView(tables, clock),
    /** @returns all that is known, as plain values */
    snapshot: tables.snapshot,
    /** Takes what was known before a restart. @returns the steps that tell who is a unit, to be run once scripts listen */
    restore: (snapshot: StateSnapshot): StateStep[] => toSteps(tables.restore(snapshot).map(playerAdded)),
    /**
     * The steps of one event, to be run in order, each before the next is asked for. A simulated event has none.
     * Handlers of what is triggered before the commit find the old state, those after it the new one.
     */
    stepsOf({ event, body }: ReceivedEvent): Iterable<StateStep> {
      if (event.source === 'simulated') return [];
      return isKnown(event) ? knownSteps(event, body) : toSteps([otherEvent(event.type, body.data)]);
    },
    /**
     * The official resource's events that an event would trigger, in order, as if it had come from the CAD. Nothing changes, and no
     * player becomes a unit by it.
     */
    dryRun({ event, body }: ReceivedEvent): StateStep[] {
      if (!isKnown(event)) return toSteps([otherEvent(event.type, body.data)]);
      return toSteps(dryRunEvents(event, body.data, known, clock.monotonic()));
    },
    /**
     * Takes what we have changed in the CAD ourselves, of which the CAD sends no event. It tells that a cache was updated and who
     * is a unit now, and nothing else.
     */
    applyLocalEcho(event: KnownPushEvent): StateStep[] {
      const { units, calls, emergencies } = apply(event);
      const updated = emergencies.some(({ before, after }) => before !== after);
      return toSteps([...callsUpdated(event.type, calls), ...cachesUpdated(false, updated), ...pairingEvents(units)]);
    },
    /** To be called before the CAD is asked for its units; finished with all of them. Tells what a local echo tells. */
    resyncUnits: () => followedBy(resync.units(), (units) => toSteps(pairingEvents(units))),
    /** The same for calls. */
    resyncCalls: () =>
      followedBy(resync.calls(), ({ calls, emergencies }) => toSteps(cachesUpdated(calls, emergencies))),
    /** To be called when a player joined or became known by another identity, as often as that happens. */
    playerSeen: (source: number): StateStep[] => toSteps(tables.units.addPlayer(source).map(playerAdded)),
    /** To be called when a player dropped. */
    playerGone: (source: number): StateStep[] => toSteps(tables.units.removePlayer(source).map(playerRemoved)),
  };
}

function pairingEvents(units: readonly AppliedToUnit[]): LegacyEvent[] {
  const all = (of: 'joined' | 'left', toEvent: (pairing: Pairing) => LegacyEvent) =>
    units.flatMap((unit) => unit[of].map(toEvent));
  return [...all('left', playerRemoved), ...all('joined', playerAdded)];
}

const isUnknown = ({ after }: { after: { known: boolean } | undefined }): boolean =>
  after !== undefined && !after.known;

function isKnown(event: PushEvent): event is KnownPushEvent {
  return event.valid && findEntry(event.type) !== undefined;
}

interface RestartOptions {
  readonly state: Pick<State, 'snapshot' | 'restore'>;
  readonly store: Pick<KeyValueStore, 'get' | 'set' | 'delete'>;
  /** The resource's version: another one may keep things in another shape. */
  readonly version: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'warn'>;
}

/** After a longer time away too much has been missed. */
const MAX_AWAY_MS = 10 * 60_000;

const KEY = 'snapshot';

/** Keeps what is known while the resource restarts: the CAD does not say again who is signed in. */
export function createRestarts({ state, store, version, clock, log }: RestartOptions) {
  return {
    /** To be called as the resource stops. */
    save(): void {
      store.set(KEY, JSON.stringify({ version, savedAt: clock.now(), snapshot: state.snapshot() }));
    },
    /** To be called once, as it starts. @returns the steps that tell who is a unit, to be run once scripts listen */
    restore(): ReturnType<State['restore']> {
      const text = store.get(KEY);
      if (text === null) return [];
      // What cannot be taken now must not be tried again at each start.
      store.delete(KEY);
      try {
        const saved = JSON.parse(text);
        const away = clock.now() - saved.savedAt;
        return saved.version === version && away >= 0 && away < MAX_AWAY_MS ? state.restore(saved.snapshot) : [];
      } catch (error) {
        const reason = String((error as { name?: unknown }).name);
        log.warn('What was known before the restart could not be read; units and calls are known as they change.', {
          reason,
        });
        return [];
      }
    },
  };
}
