import { isIP } from 'node:net';
import { bareIdentity, foldIdentity, identityKind, isSameIdentity } from '../../events/catalogue/people.ts';
import { identitiesOfUnit, type Unit } from '../../events/catalogue/units.ts';

/** Pairs of a left and a right value, found from both sides in constant time. The sets it gives change with it. */
export class ManyToMany<Left, Right> {
  readonly #rights = new Map<Left, Set<Right>>();
  readonly #lefts = new Map<Right, Set<Left>>();

  leftOf(right: Right): ReadonlySet<Left> {
    return this.#lefts.get(right) ?? NONE;
  }

  rightOf(left: Left): ReadonlySet<Right> {
    return this.#rights.get(left) ?? NONE;
  }

  lefts(): Iterable<Left> {
    return this.#rights.keys();
  }

  add(left: Left, right: Right): void {
    insert(this.#rights, left, right);
    insert(this.#lefts, right, left);
  }

  remove(left: Left, right: Right): void {
    take(this.#rights, left, right);
    take(this.#lefts, right, left);
  }

  removeRight(right: Right): void {
    for (const left of this.leftOf(right)) this.remove(left, right);
  }
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

/** The CAD accounts of identities, as far as the CAD has said so. An account has one identity, an identity one account. */
export class AccountLinks {
  readonly #byAccount = new Map<string, AccountLink>();
  readonly #byIdentity = new Map<string, AccountLink>();

  /** Replaces earlier links of the same identity and of the same account. */
  link(identity: string, account: string): void {
    this.#unlink(this.#byAccount.get(foldIdentity(account)));
    this.#unlink(this.#byIdentity.get(foldIdentity(identity)));
    const link = { identity, account };
    this.#byAccount.set(foldIdentity(account), link);
    this.#byIdentity.set(foldIdentity(identity), link);
    if (this.#byAccount.size > MAX_LINKS) this.#unlink(this.#byAccount.values().next().value);
  }

  /** @returns the identity that an account is linked with, as the CAD wrote it */
  identityOf(account: string): string | undefined {
    return this.#byAccount.get(foldIdentity(account))?.identity;
  }

  /** @param key a folded identity. @returns the account linked with it, and the identity as the CAD wrote it */
  linkOf(key: string): AccountLink | undefined {
    return this.#byIdentity.get(key);
  }

  #unlink(link: AccountLink | undefined): void {
    if (link === undefined) return;
    this.#byAccount.delete(foldIdentity(link.account));
    this.#byIdentity.delete(foldIdentity(link.identity));
  }
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
