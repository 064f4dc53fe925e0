import type { Log } from '../platform/log.ts';
import { reasonOf } from '../text/reason-of.ts';
import type { Players } from './create-players.ts';
import type { DutyChecks, DutyMethod } from './duty.ts';
import type { StateView } from './state-view.ts';

/** Groups of connected players that something is meant for, as server ids without doubles. */
export interface Audience {
  all(): number[];
  /** Those who are on duty, as the operator has decided it. */
  onDuty(): number[];
  /** The players of these units. */
  ofUnits(idents: Iterable<number>): number[];
  /** The players with any of these identities, bare or prefixed, in any case. */
  ofIdentities(identities: readonly string[]): number[];
  withAce(permission: string): number[];
}

export interface AudienceOptions {
  readonly players: Pick<Players, 'sources' | 'sourcesOfIdentities'>;
  readonly state: Pick<StateView, 'playersOfUnit' | 'playersInCad'>;
  readonly checks: DutyChecks;
  /** Asked each time. */
  duty(): DutyMethod;
  readonly log: Log;
}

export function createAudience({ players, state, checks, duty, log }: AudienceOptions): Audience {
  const all = () => [...players.sources()];
  const withAce = (permission: string) => all().filter((source) => checks.hasAce(source, permission));

  function isOnDutyInJob(names: readonly string[], source: number): boolean {
    try {
      const job = checks.jobOf(source);
      return job?.isOnDuty === true && names.includes(job.name.toLowerCase());
    } catch (error) {
      log.error("The framework could not be asked for a player's job; they do not count as on duty.", {
        player: source,
        reason: reasonOf(error),
      });
      return false;
    }
  }

  function isOnDutyBy(resource: string, name: string, source: number): boolean {
    try {
      return checks.callExport(resource, name, source) === true;
    } catch (error) {
      log.error('The export that says who is on duty failed; nobody counts as on duty by it.', {
        export: `${resource}.${name}`,
        reason: reasonOf(error),
      });
      return false;
    }
  }

  return {
    all,
    onDuty() {
      const method = duty();
      switch (method.by) {
        case 'incad':
          return [...new Set(state.playersInCad())];
        case 'ace':
          return withAce(method.permission);
        case 'job':
          return all().filter((source) => isOnDutyInJob(method.names, source));
        case 'export':
          return all().filter((source) => isOnDutyBy(method.resource, method.name, source));
      }
    },
    ofUnits(idents) {
      const sources = new Set<number>();
      for (const ident of idents) for (const source of state.playersOfUnit(ident)) sources.add(source);
      return [...sources];
    },
    ofIdentities: (identities) => (identities.length === 0 ? [] : players.sourcesOfIdentities(identities)),
    withAce,
  };
}
