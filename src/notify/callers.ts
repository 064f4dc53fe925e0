import type { DispatchCall } from '../events/catalogue/calls.ts';
import type { PushEventData } from '../events/catalogue/catalogue.ts';
import { readWhole } from '../events/read-values.ts';
import type { Players } from '../game/players/players.ts';

/**
 * Upper bound for remembered callers of 911 calls, and for those of dispatch calls. Beyond it, the oldest is
 * forgotten.
 */
const MAX_CALLS = 2_000;

/** A player's stay on the server. The session differs when another player gets the same server id later. */
interface Visit {
  readonly source: number;
  readonly session: number;
}

/**
 * Remembers the player who made each call. A call only names a server id, which may belong to another player by the
 * time that the caller is notified.
 */
export class Callers {
  readonly #players: Pick<Players, 'sessionOf' | 'sourcesOfIdentities'>;
  readonly #emergencyCalls = new Map<number, Visit>();
  readonly #dispatchCalls = new Map<number, Visit>();

  constructor(players: Pick<Players, 'sessionOf' | 'sourcesOfIdentities'>) {
    this.#players = players;
  }

  /** Remembers the caller of a new 911 call. Ignored when the call's identities belong to another player. */
  rememberEmergencyCall({ call, identities }: PushEventData<'EVENT_911'>): void {
    const visit = this.#currentVisit(call.metaData?.callerPlayerId);
    if (visit === null) return;

    const isSomeoneElse =
      identities.length > 0 && !this.#players.sourcesOfIdentities(identities).includes(visit.source);
    if (!isSomeoneElse) addBounded(this.#emergencyCalls, call.callId, visit);
  }

  rememberDispatchCall({ callId, metaData }: DispatchCall): void {
    const visit = this.#currentVisit(metaData?.callerPlayerId);
    if (visit === null) return;

    const emergencyCallId = readWhole(metaData?.createdFromId);
    if (emergencyCallId === undefined) {
      addBounded(this.#dispatchCalls, callId, visit);
      return;
    }
    // The 911 call may be old: another player may have the caller's server id by now.
    const caller = this.#emergencyCalls.get(emergencyCallId);
    if (caller?.source === visit.source && caller.session === visit.session) {
      addBounded(this.#dispatchCalls, callId, visit);
    }
  }

  /** Finds the server id of a 911 call's caller. Null when the caller is unknown or has left the server. */
  ofEmergencyCall(callId: number): number | null {
    return this.#sourceIfPresent(this.#emergencyCalls.get(callId));
  }

  /** Finds the server id of a dispatch call's caller. Null when the caller is unknown or has left the server. */
  ofDispatchCall(callId: number): number | null {
    return this.#sourceIfPresent(this.#dispatchCalls.get(callId));
  }

  #currentVisit(callerPlayerId: string | undefined): Visit | null {
    const source = readWhole(callerPlayerId);
    if (source === undefined) return null;
    const session = this.#players.sessionOf(source);
    return session === null ? null : { source, session };
  }

  #sourceIfPresent(visit: Visit | undefined): number | null {
    if (visit === undefined) return null;
    return this.#players.sessionOf(visit.source) === visit.session ? visit.source : null;
  }
}

function addBounded(visits: Map<number, Visit>, callId: number, visit: Visit): void {
  // Deleting first moves the call to the end of the map, so that the first key is always the oldest.
  visits.delete(callId);
  visits.set(callId, visit);
  if (visits.size <= MAX_CALLS) return;
  const oldest = visits.keys().next().value;
  if (oldest !== undefined) visits.delete(oldest);
}
