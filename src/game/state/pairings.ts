import { bareIdentity } from '../../events/identity.ts';
import type { PlayerLookup } from '../players/players.ts';

/** Which players are which units. Each call takes constant time, whatever the number of players and units. */
export function createPairings(players: PlayerLookup) {
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
    /** To be called when a unit is introduced or changed. @returns the players who became it, and who no longer are it */
    setIdentities(ident: number, identities: readonly string[]): { joined: number[]; left: number[] } {
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
    /** @returns the players who were it */
    removeUnit(ident: number): number[] {
      forgetIdentities(ident);
      const sources = unitsByPlayer.leftOf(ident);
      for (const source of sources) unitsByPlayer.delete(source, ident);
      return sources;
    },
    /** To be called when a player joined or became known by another identity. @returns the units that they became */
    addPlayer(source: number): number[] {
      const before = unitsByPlayer.rightOf(source);
      const joined = candidates(players.identifiersOf(source)).filter(
        (ident) =>
          !before.includes(ident) && players.sourcesOfIdentities(identitiesOf.get(ident) ?? []).includes(source),
      );
      for (const ident of joined) unitsByPlayer.add(source, ident);
      return joined;
    },
    /** @returns the units that they were */
    removePlayer(source: number): number[] {
      const idents = unitsByPlayer.rightOf(source);
      for (const ident of idents) unitsByPlayer.delete(source, ident);
      return idents;
    },
    /** @returns server ids */
    playersOf: unitsByPlayer.leftOf,
    /** @returns the units, the one that signed in last at the end */
    unitsOf: unitsByPlayer.rightOf,
    /** @returns all players who are a unit */
    players: unitsByPlayer.lefts,
    /** @returns units that may have one of these identities: compare them where you need to be sure */
    candidates,
  };
}

function createManyToMany<Left, Right>() {
  const rights = new Map<Left, Set<Right>>();
  const lefts = new Map<Right, Set<Left>>();
  return {
    add(left: Left, right: Right): void {
      insert(rights, left, right);
      insert(lefts, right, left);
    },
    delete(left: Left, right: Right): void {
      take(rights, left, right);
      take(lefts, right, left);
    },
    leftOf: (right: Right): Left[] => [...(lefts.get(right) ?? [])],
    rightOf: (left: Left): Right[] => [...(rights.get(left) ?? [])],
    lefts: (): Iterable<Left> => rights.keys(),
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
