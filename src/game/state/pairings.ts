import { bareIdentity } from '../../events/identity.ts';
import type { Coordinates } from '../../platform/players.ts';

/** Which players are which units. Constant time, whatever the number of players and units. */
export interface Pairings {
  /** To be called when a unit is introduced or changed. @returns the players who became it, and who no longer are it */
  setIdentities(ident: number, identities: readonly string[]): { joined: number[]; left: number[] };
  /** @returns the players who were it */
  removeUnit(ident: number): number[];
  /** To be called when a player joined or became known by another identity. @returns the units that they became */
  addPlayer(source: number): number[];
  /** @returns the units that they were */
  removePlayer(source: number): number[];
  /** @returns server ids */
  playersOf(ident: number): readonly number[];
  /** @returns the units, the one that signed in last at the end */
  unitsOf(source: number): readonly number[];
  /** @returns all players who are a unit */
  players(): Iterable<number>;
  /** @returns units that may have one of these identities: whoever needs to be sure compares them */
  candidates(identities: readonly string[]): number[];
}

export function createPairings(players: Pick<PlayerLookup, 'sourcesOfIdentities' | 'identifiersOf'>): Pairings {
  const identitiesOf = new Map<number, readonly string[]>();
  const unitsByIdentity = createManyToMany<string, number>();
  const unitsByPlayer = createManyToMany<number, number>();

  const forgetIdentities = (ident: number) => {
    for (const identity of identitiesOf.get(ident) ?? []) unitsByIdentity.delete(bareIdentity(identity), ident);
    identitiesOf.delete(ident);
  };
  const candidates = (identities: readonly string[]) => [
    ...new Set(identities.flatMap((identity) => unitsByIdentity.rightOf(bareIdentity(identity)))),
  ];

  return {
    setIdentities(ident, identities) {
      forgetIdentities(ident);
      identitiesOf.set(ident, identities);
      for (const identity of identities) unitsByIdentity.add(bareIdentity(identity), ident);
      const before = unitsByPlayer.leftOf(ident);
      const now = players.sourcesOfIdentities(identities);
      const left = before.filter((source) => !now.includes(source));
      const joined = now.filter((source) => !before.includes(source));
      for (const source of left) unitsByPlayer.delete(source, ident);
      for (const source of joined) unitsByPlayer.add(source, ident);
      return { joined, left };
    },
    removeUnit(ident) {
      forgetIdentities(ident);
      const sources = unitsByPlayer.leftOf(ident);
      for (const source of sources) unitsByPlayer.delete(source, ident);
      return sources;
    },
    addPlayer(source) {
      const before = unitsByPlayer.rightOf(source);
      const joined = candidates(players.identifiersOf(source)).filter(
        (ident) =>
          !before.includes(ident) && players.sourcesOfIdentities(identitiesOf.get(ident) ?? []).includes(source),
      );
      for (const ident of joined) unitsByPlayer.add(source, ident);
      return joined;
    },
    removePlayer(source) {
      const idents = unitsByPlayer.rightOf(source);
      for (const ident of idents) unitsByPlayer.delete(source, ident);
      return idents;
    },
    playersOf: (ident) => unitsByPlayer.leftOf(ident),
    unitsOf: (source) => unitsByPlayer.rightOf(source),
    players: unitsByPlayer.lefts,
    candidates,
  };
}

interface ManyToMany<Left, Right> {
  add(left: Left, right: Right): void;
  delete(left: Left, right: Right): void;
  leftOf(right: Right): Left[];
  rightOf(left: Left): Right[];
  lefts(): Iterable<Left>;
}

function createManyToMany<Left, Right>(): ManyToMany<Left, Right> {
  const rights = new Map<Left, Set<Right>>();
  const lefts = new Map<Right, Set<Left>>();
  return {
    add(left, right) {
      insert(rights, left, right);
      insert(lefts, right, left);
    },
    delete(left, right) {
      take(rights, left, right);
      take(lefts, right, left);
    },
    leftOf: (right) => [...(lefts.get(right) ?? [])],
    rightOf: (left) => [...(rights.get(left) ?? [])],
    lefts: () => rights.keys(),
  };
}

function insert<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}

function take<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  if (set?.delete(value) && set.size === 0) sets.delete(key);
}

/**
 * What the state asks about the players on the server. Each answer takes constant time, whatever the number of players. Who
 * answers also tells the state when the answers change: `playerSeen` after a player joined or an identity of theirs became
 * known, `playerGone` when they dropped.
 */
export interface PlayerLookup {
  /**
   * @param identities of one unit, bare or prefixed, in any case; its account id is among them, and finds the player whom the
   *   CAD has linked with that account
   * @returns the server ids of connected players with any of them, each once
   */
  sourcesOfIdentities(identities: readonly string[]): number[];
  /**
   * @param source a server id
   * @returns everything that `sourcesOfIdentities` finds this player by: their identifiers with their prefixes, and the ids of
   *   linked accounts; none when they are not connected
   */
  identifiersOf(source: number): readonly string[];
  /** @returns the identity under which the CAD said that this player is linked with an account; null while it has not */
  linkedIdentityOf(source: number): string | null;
  /** @returns where the player's ped is; null where the server does not know (no OneSync, or not connected) */
  coordinatesOf(source: number): Coordinates | null;
}
