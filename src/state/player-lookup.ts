/** A place in the game world. */
export interface Coordinates {
  readonly x: number;
  readonly y: number;
  readonly z: number;
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
