import type { Coordinates } from '../state/player-lookup.ts';

/** The game server's own knowledge of who is connected. */
export interface PlayerSource {
  /** @returns the server ids of all connected players */
  list(): number[];
  /** @returns a player's identifiers with their prefixes; none when they are not connected */
  identifiersOf(source: number): string[];
  /** @returns where a player's ped is; null where the server does not know */
  coordinatesOf(source: number): Coordinates | null;
  /** Calls with the server id of each player who joins from now on. */
  onJoin(callback: (source: number) => void): void;
  /** Calls with the server id of each player who leaves from now on. */
  onDrop(callback: (source: number) => void): void;
}
