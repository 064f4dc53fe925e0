import { findEntry } from '../../events/catalogue/catalogue.ts';
import type { LegacyEvent } from '../../events/catalogue/legacy-events.ts';
import type { KnownPushEvent, PushEvent } from '../../events/push-event.ts';
import type { ReceivedEvent } from '../../events/receive.ts';
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
import { followedBy, Resync } from './resync.ts';
import { StateView } from './state-view.ts';
import { type AppliedEvent, type MonotonicClock, type StateSnapshot, Tables } from './tables.ts';
import type { AppliedToUnit, Pairing } from './units.ts';

/** One step of an event: an event of the official resource to trigger, or the moment at which the state changes. */
export type StateStep = { readonly emit: LegacyEvent } | { readonly commit: () => void };

interface StateOptions {
  readonly clock: MonotonicClock;
  readonly players: PlayerLookup;
  /** Whether the official resource's events are triggered; asked for each event. The state changes all the same. */
  emitsLegacy(): boolean;
  /** Gets what an event named without introducing it: a unit or a call. */
  unknownNamed?(what: 'units' | 'calls'): void;
}

/** Who is signed in and which calls there are. What returns steps wants them to be run at once, in order. */
export class State extends StateView {
  readonly #options: StateOptions;
  readonly #resync: Resync;
  readonly #known: StateRecords;

  constructor(options: StateOptions) {
    const { clock, players } = options;
    super(new Tables(players, clock), clock);
    const { units, calls } = this.tables;
    this.#options = options;
    this.#resync = new Resync(this.tables, clock);
    this.#known = { unit: (ident) => units.get(ident), call: (callId) => calls.get(callId) };
  }

  /** @returns all that is known, as plain values */
  snapshot(): StateSnapshot {
    return this.tables.snapshot();
  }

  /** Takes what was known before a restart. @returns the steps that tell who is a unit, to be run once scripts listen */
  restore(snapshot: StateSnapshot): StateStep[] {
    return this.#toSteps(this.tables.restore(snapshot).map(playerAdded));
  }

  /**
   * The steps of one event, to be run in order, each before the next is asked for. A simulated event has none.
   * Handlers of what is triggered before the commit find the old state, those after it the new one.
   */
  stepsOf({ event, body }: ReceivedEvent): Iterable<StateStep> {
    if (event.source === 'simulated') return [];
    return isKnown(event) ? this.#knownSteps(event, body) : this.#toSteps([otherEvent(event.type, body.data)]);
  }

  /**
   * The official resource's events that an event would trigger, in order, as if it had come from the CAD. Nothing changes, and no
   * player becomes a unit by it.
   */
  dryRun({ event, body }: ReceivedEvent): StateStep[] {
    if (!isKnown(event)) return this.#toSteps([otherEvent(event.type, body.data)]);
    return this.#toSteps(dryRunEvents(event, body.data, this.#known, this.clock.monotonic()));
  }

  /**
   * Takes what we have changed in the CAD ourselves, of which the CAD sends no event. It tells that a cache was updated and who
   * is a unit now, and nothing else.
   */
  applyLocalEcho(event: KnownPushEvent): StateStep[] {
    const { units, calls, emergencies } = this.#apply(event);
    const updated = emergencies.some(({ before, after }) => before !== after);
    return this.#toSteps([
      ...callsUpdated(event.type, calls),
      ...cachesUpdated(false, updated),
      ...pairingEvents(units),
    ]);
  }

  /** To be called before the CAD is asked for its units; finished with all of them. Tells what a local echo tells. */
  resyncUnits() {
    return followedBy(this.#resync.units(), (units) => this.#toSteps(pairingEvents(units)));
  }

  /** The same for calls. */
  resyncCalls() {
    return followedBy(this.#resync.calls(), ({ calls, emergencies }) =>
      this.#toSteps(cachesUpdated(calls, emergencies)),
    );
  }

  /** To be called when a player joined or became known by another identity, as often as that happens. */
  playerSeen(source: number): StateStep[] {
    return this.#toSteps(this.tables.units.addPlayer(source).map(playerAdded));
  }

  /** To be called when a player dropped. */
  playerGone(source: number): StateStep[] {
    return this.#toSteps(this.tables.units.removePlayer(source).map(playerRemoved));
  }

  // No `yield*` here: each event comes this way, and handing on the steps of another iterator takes longer than making them.
  *#knownSteps(event: KnownPushEvent, body: ReceivedEvent['body']): Iterable<StateStep> {
    const { units } = this.tables;
    const { emitsLegacy, unknownNamed } = this.#options;
    const legacy = emitsLegacy();
    if (event.type === 'EVENT_UNIT_LOGOUT') {
      const { identId } = event.data;
      yield { commit: () => units.setLeaving(identId) };
    }
    if (legacy) for (const emit of eventsBefore(event, this.#known)) yield { emit };
    let applied: AppliedEvent | null = null;
    const commit = () => {
      units.setLeaving(null);
      applied = this.#apply(event);
      if (applied.units.some(isUnknown)) unknownNamed?.('units');
      if (applied.calls.some(isUnknown)) unknownNamed?.('calls');
    };
    yield { commit };
    // The commit was run by now, which the compiler cannot see.
    const done = applied as AppliedEvent | null;
    if (done === null || !legacy) return;
    for (const emit of eventsAfter(event, body.data, done, this.#known)) yield { emit };
    if (done.units.length > 0) for (const emit of pairingEvents(done.units)) yield { emit };
  }

  #apply(event: KnownPushEvent): AppliedEvent {
    const applied = this.tables.apply(event);
    this.#resync.touched(applied);
    return applied;
  }

  #toSteps(events: readonly LegacyEvent[]): StateStep[] {
    return this.#options.emitsLegacy() ? events.map((emit) => ({ emit })) : [];
  }
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
