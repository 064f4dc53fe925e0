import type { Native } from '../types.ts';
import { boolResult, integerArgument, requiredText } from './native-arguments.ts';
import type { Player, Players } from './players.ts';

/** Natives about players and their peds. A player who is not there gives null, 0 or false. */
export function playerNatives(players: Players): Record<string, Native> {
  // GetPlayerFromIndex reads the list that the last GetNumPlayerIndices made, whoever called it.
  let listed: readonly Player[] = [];

  const ofPlayer =
    <T>(absent: T, read: (player: Player, args: readonly unknown[]) => T): Native =>
    (_caller, ...args) => {
      const player = players.find(requiredText(args, 0));
      return player === undefined ? absent : read(player, args);
    };
  const ofEntity =
    <T>(none: T, read: (player: Player) => T): Native =>
    (_caller, ...args) => {
      const entity = integerArgument(args, 0);
      if (entity === 0) return none;
      const player = players.findByPed(entity);
      if (player === undefined) throw new Error(`Tried to access invalid entity: ${entity}`);
      return read(player);
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
    GetPlayerLastMsg: ofPlayer(0x7fffffff, () => 0),
    GetPlayerRoutingBucket: ofPlayer(0, (player) => player.routingBucket),
    GetPlayerPed: ofPlayer(0, (player) => players.pedOf(player)),
    DropPlayer: ofPlayer(null, (player, args) => {
      // Players who have not finished connecting cannot be dropped.
      if (player.id <= 0xffff) players.drop(player.id, requiredText(args, 1));
      return null;
    }),
    DoesEntityExist: (_caller, ...args) => boolResult(players.findByPed(integerArgument(args, 0)) !== undefined),
    GetEntityCoords: ofEntity([0, 0, 0], (player) => player.coords.map(Math.fround)),
    GetEntityHeading: ofEntity(0, (player) => Math.fround(player.heading)),
  };
}
