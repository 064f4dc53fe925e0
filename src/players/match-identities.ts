import { identitiesOfUnit } from '../push-events/catalogue/units.ts';
import { isSameIdentity } from '../push-events/identity.ts';
import type { UnitView } from './state-view.ts';

/**
 * How a player is found to be a unit, for people.
 *
 * @param identities all that the player is found by: identifiers with their prefixes, and ids of linked accounts
 * @returns the player's identity by which the unit's are met; null when none is
 */
export function matchIdentities(unit: UnitView, identities: readonly string[]): string | null {
  const ofUnit = [...identitiesOfUnit(unit), unit.accId].filter((identity) => identity !== '');
  return identities.find((own) => ofUnit.some((theirs) => isSameIdentity(own, theirs))) ?? null;
}
