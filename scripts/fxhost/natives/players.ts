/** A player as the natives see one; tests change the fields as they like. */
export interface Player {
  /** Server id (net id). 65535 and above are ids of players who are still connecting. */
  readonly id: number;
  name: string;
  /** With their type, e.g. `license:0123`, in FXServer's order. */
  identifiers: string[];
  tokens: string[];
  /** Address without port. */
  endpoint: string;
  /** Milliseconds. */
  ping: number;
  coords: [x: number, y: number, z: number];
  /** Degrees. */
  heading: number;
  routingBucket: number;
  /** Why the player left, null while connected. */
  dropped: string | null;
}

export interface Players {
  /** Adds a connected player; the next free id when none is given. @throws Error when the id is in use. */
  add(player?: Partial<Player>): Player;
  /** @param source server id as text; read as C does, up to the first character that is no digit. */
  find(source: string): Player | undefined;
  /** The player whose ped this entity is. */
  findByPed(entity: number): Player | undefined;
  pedOf(player: Player): number;
  /** Principals that ACE checks for a player, each on its own. */
  principalsOf(player: Player): string[];
  list(): readonly Player[];
  /** @returns false when there is no such player, or they are about to be taken off the list. */
  drop(id: number, reason: string): boolean;
}

const firstConnectingId = 0xffff;
const firstPed = 0x20000;

/** @param options.dropped called before a player is taken off the list: handlers of `playerDropped` still find who leaves. */
export function createPlayers(options: { readonly dropped?: (player: Player, reason: string) => void } = {}): Players {
  const players = new Map<number, Player>();

  return {
    add(init = {}) {
      let id = init.id ?? 1;
      if (init.id === undefined) while (players.has(id)) id++;
      if (players.has(id)) throw new Error(`player ${id} is already connected`);
      const player: Player = {
        name: `Player ${id}`,
        identifiers: [`license:${id.toString(16).padStart(40, '0')}`],
        tokens: [],
        endpoint: '127.0.0.1',
        ping: 0,
        coords: [0, 0, 0],
        heading: 0,
        routingBucket: 0,
        ...init,
        dropped: null,
        id,
      };
      players.set(id, player);
      return player;
    },
    find: (source) => players.get(Number.parseInt(source, 10)),
    findByPed: (entity) => players.get(entity - firstPed),
    pedOf: (player) => (player.id < firstConnectingId ? firstPed + player.id : 0),
    principalsOf: (player) => [
      ...player.identifiers.map((identifier) => `identifier.${identifier}`),
      `player.${player.id}`,
    ],
    list: () => [...players.values()].filter((player) => player.id < firstConnectingId),
    drop(id, reason) {
      const player = players.get(id);
      if (player === undefined || player.dropped !== null) return false;
      player.dropped = reason;
      options.dropped?.(player, reason);
      players.delete(id);
      return true;
    },
  };
}
