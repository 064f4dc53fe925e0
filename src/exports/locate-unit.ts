import type { PlayerLookup } from '../state/player-lookup.ts';
import type { Unit } from '../state/records.ts';
import type { StateView } from '../state/state-view.ts';

/** @returns a function that gives a unit as scripts get it: with the place of its player's ped, where the server knows one */
export function createUnitLocator(
  state: Pick<StateView, 'playersOfUnit'>,
  players: Pick<PlayerLookup, 'coordinatesOf'>,
): (unit: Unit) => Unit {
  return (unit) => {
    for (const source of state.playersOfUnit(unit.id)) {
      const coordinates = players.coordinatesOf(source);
      if (coordinates !== null) return { ...unit, coordinates };
    }
    return unit;
  };
}
