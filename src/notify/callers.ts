import type { DispatchCall } from '../events/catalogue/calls.ts';
import type { PushEventData } from '../events/catalogue/catalogue.ts';
import { readWhole } from '../events/read-values.ts';
import type { Players } from '../game/players/players.ts';

/**
 * Who called for help. A call only names a server id, which may be another person's by now: so for each call it is remembered on
 * whose visit it came.
 */
export interface Callers {
  /** Takes a 911 call that has just come in. */
  noteEmergency(data: PushEventData<'EVENT_911'>): void;
  /** Takes a dispatch call that has just been created. */
  noteCall(call: DispatchCall): void;
  /** @returns the caller of a 911 call, null when they have left or are somebody else */
  ofEmergency(callId: number): number | null;
  /** @returns the caller of a dispatch call, null when they have left or are somebody else */
  ofCall(callId: number): number | null;
}

interface Visit {
  readonly source: number;
  readonly session: number;
}

/** Calls whose callers are remembered; the oldest are forgotten first. */
const MAX_CALLS = 2_000;

export function createCallers(players: Pick<Players, 'sessionOf' | 'sourcesOfIdentities'>): Callers {
  const emergencies = new Map<number, Visit>();
  const calls = new Map<number, Visit>();

  function visitOf(callerPlayerId: string | undefined): Visit | null {
    const source = readWhole(callerPlayerId);
    const session = source === undefined ? null : players.sessionOf(source);
    return source === undefined || session === null ? null : { source, session };
  }

  function remember(visits: Map<number, Visit>, callId: number, visit: Visit): void {
    visits.delete(callId);
    visits.set(callId, visit);
    if (visits.size <= MAX_CALLS) return;
    const oldest = visits.keys().next().value;
    if (oldest !== undefined) visits.delete(oldest);
  }

  function present(visit: Visit | undefined): number | null {
    return visit !== undefined && players.sessionOf(visit.source) === visit.session ? visit.source : null;
  }

  return {
    noteEmergency({ call, identities }) {
      const visit = visitOf(call.metaData.callerPlayerId);
      if (visit === null) return;
      if (identities.length > 0 && !players.sourcesOfIdentities(identities).includes(visit.source)) return;
      remember(emergencies, call.callId, visit);
    },
    noteCall({ callId, metaData }) {
      const origin = readWhole(metaData.createdFromId);
      const visit = visitOf(metaData.callerPlayerId);
      if (visit === null) return;
      if (origin === undefined) return remember(calls, callId, visit);
      // It may have waited long: whoever has that server id now need not be who called then.
      const then = emergencies.get(origin);
      if (then?.source === visit.source && then.session === visit.session) remember(calls, callId, visit);
    },
    ofEmergency: (callId) => present(emergencies.get(callId)),
    ofCall: (callId) => present(calls.get(callId)),
  };
}
