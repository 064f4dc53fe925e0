import { isIP } from 'node:net';
import { bareIdentity, foldIdentity, identityKind, isSameIdentity } from '../../events/catalogue/people.ts';
import { identitiesOfUnit, type Unit } from '../../events/catalogue/units.ts';

/** Which lefts go with which rights, found from both sides in constant time. What it gives changes with it: copy what you keep. */
export function createManyToMany<Left, Right>() {
  const rights = new Map<Left, Set<Right>>();
  const lefts = new Map<Right, Set<Left>>();
  const leftOf = (right: Right): ReadonlySet<Left> => lefts.get(right) ?? NONE;
  const rightOf = (left: Left): ReadonlySet<Right> => rights.get(left) ?? NONE;
  function remove(left: Left, right: Right): void {
    take(rights, left, right);
    take(lefts, right, left);
  }
  return {
    leftOf,
    rightOf,
    lefts: (): Iterable<Left> => rights.keys(),
    add(left: Left, right: Right): void {
      insert(rights, left, right);
      insert(lefts, right, left);
    },
    remove,
    removeRight(right: Right): void {
      for (const left of leftOf(right)) remove(left, right);
    },
  };
}

const NONE: ReadonlySet<never> = new Set();

function insert<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}

function take<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  if (set?.delete(value) && set.size === 0) sets.delete(key);
}

/** An account of the CAD, and the identity that the CAD has said to be its owner's; both as the CAD wrote them. */
export interface AccountLink {
  readonly identity: string;
  readonly account: string;
}

/** Far more than a community has members online between two restarts; the oldest are forgotten first. */
const MAX_LINKS = 20_000;

/** Which CAD account belongs to which identity, as far as the CAD has said so. */
export function createAccountLinks() {
  const byAccount = new Map<string, AccountLink>();
  const byIdentity = new Map<string, AccountLink>();

  function unlink(link: AccountLink | undefined): void {
    if (link === undefined) return;
    byAccount.delete(foldIdentity(link.account));
    byIdentity.delete(foldIdentity(link.identity));
  }

  return {
    /** The newest word counts: an account has one identity, an identity one account. */
    link(identity: string, account: string): void {
      unlink(byAccount.get(foldIdentity(account)));
      unlink(byIdentity.get(foldIdentity(identity)));
      const link = { identity, account };
      byAccount.set(foldIdentity(account), link);
      byIdentity.set(foldIdentity(identity), link);
      if (byAccount.size > MAX_LINKS) unlink(byAccount.values().next().value);
    },
    /** @returns the identity that an account is linked with, as the CAD wrote it */
    identityOf: (account: string): string | undefined => byAccount.get(foldIdentity(account))?.identity,
    /** @param key a folded identity. @returns the account linked with it, and the identity as the CAD wrote it */
    linkOf: (key: string): AccountLink | undefined => byIdentity.get(key),
  };
}

/**
 * How a player is found to be a unit, for people.
 *
 * @param identities all that the player is found by: identifiers with their prefixes, and ids of linked accounts
 * @returns the player's identity by which the unit's are met; null when none is
 */
export function matchIdentities(unit: Unit, identities: readonly string[]): string | null {
  const ofUnit = [...identitiesOfUnit(unit), unit.accId].filter((identity) => identity !== '');
  return identities.find((own) => ofUnit.some((theirs) => isSameIdentity(own, theirs))) ?? null;
}

/** @returns an identity as an operator may see it: whole, but for a player's address */
export function shownIdentity(identity: string): string {
  return identityKind(identity) === 'ip' || isIP(identity.trim()) !== 0 || isIP(bareIdentity(identity)) !== 0
    ? 'ip:(not shown)'
    : identity;
}
