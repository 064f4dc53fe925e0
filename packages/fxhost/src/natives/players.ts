import type { Native } from '../types.ts';
import { boolResult, integerArgument, requiredText } from './native-arguments.ts';

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
  /** When the player connected, in milliseconds of the server's time. */
  connectedAt: number;
  /** Whether the voice server lets nobody hear the player. */
  isMuted: boolean;
  /** Why the player left, null while connected. */
  dropped: string | null;
}

const firstConnectingId = 0xffff;
const firstPed = 0x20000;

export type Players = ReturnType<typeof createPlayers>;

/**
 * @param options.dropped called before a player is taken off the list: handlers of `playerDropped` still find who
 * leaves.
 * @param options.now the server's time in milliseconds
 * @param options.reusesIds gives the lowest free id to the next player; unless set, ids count up, as FXServer's do.
 */
export function createPlayers(
  options: {
    readonly dropped?: (player: Player, reason: string) => void;
    readonly reusesIds?: boolean;
    readonly now?: () => number;
  } = {},
) {
  const now = options.now ?? (() => 0);
  const players = new Map<number, Player>();
  let lastId = 0;

  return {
    /** Adds a connected player; the next free id when none is given. @throws Error when the id is in use. */
    add(init: Partial<Player> = {}): Player {
      let id = init.id ?? (options.reusesIds ? 1 : lastId + 1);
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
        connectedAt: now(),
        isMuted: false,
        ...init,
        dropped: null,
        id,
      };
      players.set(id, player);
      if (init.id === undefined) lastId = id;
      return player;
    },
    now,
    /** @param source server id as text; read as C does, up to the first character that is no digit. */
    find: (source: string): Player | undefined => players.get(Number.parseInt(source, 10)),
    /** The player whose ped this entity is. */
    findByPed: (entity: number): Player | undefined => players.get(entity - firstPed),
    pedOf: (player: Player): number => (player.id < firstConnectingId ? firstPed + player.id : 0),
    /** Principals that ACE checks for a player, each on its own. */
    principalsOf: (player: Player): string[] => [
      ...player.identifiers.map((identifier) => `identifier.${identifier}`),
      `player.${player.id}`,
    ],
    list: (): readonly Player[] => [...players.values()].filter((player) => player.id < firstConnectingId),
    /** @returns false when there is no such player, or they are about to be taken off the list. */
    drop(id: number, reason: string): boolean {
      const player = players.get(id);
      if (player === undefined || player.dropped !== null) return false;
      player.dropped = reason;
      options.dropped?.(player, reason);
      players.delete(id);
      return true;
    },
  };
}

/** Natives about players and their peds. A player who is not there gives null, 0 or false. */
export function playerNatives(players: Players): Record<string, Native> {
  // GetPlayerFromIndex reads the list that the last GetNumPlayerIndices made, in whichever resource.
  let listed: readonly Player[] = [];

  const ofPlayer =
    <T>(absent: T, read: (player: Player, args: readonly unknown[]) => T): Native =>
    (_caller, ...args) => {
      const player = players.find(requiredText(args, 0));
      return player === undefined ? absent : read(player, args);
    };

  return {
    GetNumPlayerIndices: () => {
      listed = players.list();
      return listed.length;
    },
    GetPlayerFromIndex: (_caller, ...args) => {
      const player = listed[integerArgument(args, 0)];
      return player === undefined || players.find(String(player.id)) !== player ? null : String(player.id);
    },
    // Nobody hosts the game where the server does.
    GetHostId: () => null,
    EnableEnhancedHostSupport: () => null,
    DoesPlayerExist: ofPlayer(boolResult(false), () => boolResult(true)),
    GetPlayerName: ofPlayer<string | null>(null, (player) => player.name),
    GetPlayerGuid: ofPlayer<string | null>(null, (player) => String(player.id)),
    GetNumPlayerIdentifiers: ofPlayer(0, (player) => player.identifiers.length),
    GetPlayerIdentifier: ofPlayer<string | null>(null, (player, args) => {
      return player.identifiers[integerArgument(args, 1)] ?? null;
    }),
    GetPlayerIdentifierByType: ofPlayer<string | null>(null, (player, args) => {
      // A plain prefix, so `license` also finds `license2:…` when that comes first.
      const type = requiredText(args, 1);
      return player.identifiers.find((identifier) => identifier.startsWith(type)) ?? null;
    }),
    GetNumPlayerTokens: ofPlayer(0, (player) => player.tokens.length),
    GetPlayerToken: ofPlayer<string | null>(null, (player, args) => {
      return player.tokens[integerArgument(args, 1)] ?? null;
    }),
    GetPlayerEndpoint: ofPlayer<string | null>(null, (player) => player.endpoint),
    GetPlayerPing: ofPlayer(0, (player) => player.ping),
    GetPlayerTimeOnline: ofPlayer(0, ({ connectedAt }) => Math.floor((players.now() - connectedAt) / 1000)),
    GetPlayerLastMsg: ofPlayer(0x7fffffff, () => 0),
    MumbleCreateChannel: () => null,
    MumbleIsPlayerMuted: ofPlayer(boolResult(false), ({ isMuted }) => boolResult(isMuted)),
    MumbleSetPlayerMuted: ofPlayer(null, (player, args) => {
      player.isMuted = Boolean(args[1]);
      return null;
    }),
    GetPlayerRoutingBucket: ofPlayer(0, (player) => player.routingBucket),
    GetPlayerPed: ofPlayer(0, (player) => players.pedOf(player)),
    DropPlayer: ofPlayer(null, (player, args) => {
      // Players who have not finished connecting cannot be dropped.
      if (player.id <= 0xffff) players.drop(player.id, requiredText(args, 1));
      return null;
    }),
  };
}
