import { bareIdentity } from '../../events/identity.ts';
import { createManyToMany } from '../players/identities.ts';
import type { PlayerLookup } from '../players/players.ts';

/** Which players are which units. Each call takes constant time, whatever the number of players and units. */
export function createPairings(players: PlayerLookup) {
  const identitiesOf = new Map<number, readonly string[]>();
  const unitsByIdentity = createManyToMany<string, number>();
  const unitsByPlayer = createManyToMany<number, number>();

  const playersOf = (ident: number): number[] => [...unitsByPlayer.leftOf(ident)];
  const unitsOf = (source: number): number[] => [...unitsByPlayer.rightOf(source)];
  const candidates = (identities: readonly string[]): number[] => [
    ...new Set(identities.flatMap((identity) => [...unitsByIdentity.rightOf(bareIdentity(identity))])),
  ];

  return {
    /** To be called when a unit is introduced or changed. @returns the players who became it, and who no longer are it */
    setIdentities(ident: number, identities: readonly string[]): { joined: number[]; left: number[] } {
      unitsByIdentity.removeRight(ident);
      identitiesOf.set(ident, identities);
      for (const identity of identities) unitsByIdentity.add(bareIdentity(identity), ident);
      const before = playersOf(ident);
      const now = players.sourcesOfIdentities(identities);
      const left = before.filter((source) => !now.includes(source));
      const joined = now.filter((source) => !before.includes(source));
      for (const source of left) unitsByPlayer.remove(source, ident);
      for (const source of joined) unitsByPlayer.add(source, ident);
      return { joined, left };
    },
    /** @returns the players who were it */
    removeUnit(ident: number): number[] {
      const sources = playersOf(ident);
      unitsByPlayer.removeRight(ident);
      unitsByIdentity.removeRight(ident);
      identitiesOf.delete(ident);
      return sources;
    },
    /** To be called when a player joined or became known by another identity. @returns the units that they became */
    addPlayer(source: number): number[] {
      const before = unitsByPlayer.rightOf(source);
      const isTheirs = (ident: number) => players.sourcesOfIdentities(identitiesOf.get(ident) ?? []).includes(source);
      const joined = candidates(players.identifiersOf(source)).filter((ident) => !before.has(ident) && isTheirs(ident));
      for (const ident of joined) unitsByPlayer.add(source, ident);
      return joined;
    },
    /** @returns the units that they were */
    removePlayer(source: number): number[] {
      const idents = unitsOf(source);
      for (const ident of idents) unitsByPlayer.remove(source, ident);
      return idents;
    },
    /** @returns server ids */
    playersOf,
    /** @returns the units, the one that signed in last at the end */
    unitsOf,
    /** @returns all players who are a unit */
    players: unitsByPlayer.lefts,
    /** @returns units that may have one of these identities: compare them where you need to be sure */
    candidates,
  };
}
