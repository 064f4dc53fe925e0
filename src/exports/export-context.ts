import type { GameEvents } from '../platform/game-events.ts';
import type { PlayerLookup } from '../state/player-lookup.ts';
import type { Unit } from '../state/records.ts';
import type { StateView } from '../state/state-view.ts';
import type { CallerWarnings } from './caller-warnings.ts';

/** What exports about units and calls are made of. */
export interface ExportContext {
  readonly events: Pick<GameEvents, 'provide' | 'caller'>;
  readonly state: StateView;
  readonly players: PlayerLookup;
  readonly warnings: CallerWarnings;
  /** Adds the place of the unit's player. */
  located(unit: Unit): Unit;
}

type Answer<Argument> = (argument: Argument) => unknown;

/** Provides an export that takes one argument; a call without one that can be read gives nothing, and is told of. */
export function provideWith<Argument>(
  { events, warnings }: Pick<ExportContext, 'events' | 'warnings'>,
  name: string,
  read: (given: unknown) => Argument | undefined,
  answer: Answer<Argument>,
): void {
  events.provide(name, (given) => {
    const argument = read(given);
    if (argument !== undefined) return answer(argument);
    warnings.shifted(events.caller(), name);
    return undefined;
  });
}
