import type { DispatchCall } from '../events/catalogue/calls.ts';
import type { PushEventData } from '../events/catalogue/catalogue.ts';
import { readWhole } from '../events/read-values.ts';
import type { Players } from '../game/players/players.ts';

/** Calls whose callers are remembered; the oldest are forgotten first. */
const MAX_CALLS = 2_000;

/** The session tells a player from another one who got the same server id later. */
interface Visit {
  readonly source: number;
  readonly session: number;
}

export type Callers = ReturnType<typeof createCallers>;

/** Remembers who called for help. A call only names a server id, which may be another person's by the time it is looked at. */
export function createCallers(players: Pick<Players, 'sessionOf' | 'sourcesOfIdentities'>) {
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
    /** Takes a 911 call that has just come in. */
    noteEmergency({ call, identities }: PushEventData<'EVENT_911'>): void {
      const visit = visitOf(call.metaData?.callerPlayerId);
      if (visit === null) return;
      if (identities.length > 0 && !players.sourcesOfIdentities(identities).includes(visit.source)) return;
      remember(emergencies, call.callId, visit);
    },
    /** Takes a dispatch call that has just been created. */
    noteCall({ callId, metaData }: DispatchCall): void {
      const origin = readWhole(metaData?.createdFromId);
      const visit = visitOf(metaData?.callerPlayerId);
      if (visit === null) return;
      // A call made from a 911 call may have waited long, and that server id may be another person's now.
      const then = origin === undefined ? visit : emergencies.get(origin);
      if (then?.source === visit.source && then.session === visit.session) remember(calls, callId, visit);
    },
    /** @returns the caller of a 911 call, null when they have left or are another person */
    ofEmergency: (callId: number) => present(emergencies.get(callId)),
    /** The same for a dispatch call. */
    ofCall: (callId: number) => present(calls.get(callId)),
  };
}
