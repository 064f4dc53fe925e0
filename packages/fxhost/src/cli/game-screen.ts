import type { ClientOptions } from '../client-scope.ts';
import type { Player } from '../natives/players.ts';

const WAYPOINT_SPRITE = 8;
const WAYPOINT_BLIP = 1;

/**
 * A player's game as far as it shows something: the natives of the feed, of sounds and of the mark on the map, and
 * those that tell scripts whose game it is.
 *
 * @param show called with what the player sees or hears, in one line
 */
export function createGameScreen(player: Player, show: (text: string) => void): NonNullable<ClientOptions['natives']> {
  let parts: string[] = [];
  let mark: readonly [x: number, y: number] | null = null;
  const begin = () => {
    parts = [];
  };
  const add = (text: unknown) => void parts.push(String(text));
  const post = (title: string) => {
    const text = parts.join('').replaceAll('~n~', ' / ').trim();
    show(`notification: ${[title, text].filter((part) => part !== '').join(': ')}`);
    return 1;
  };
  return {
    BeginTextCommandThefeedPost: begin,
    AddTextComponentString: add,
    AddTextComponentSubstringPlayerName: add,
    ThefeedSetNextPostBackgroundColor: () => null,
    EndTextCommandThefeedPostTicker: () => post(''),
    EndTextCommandThefeedPostMessagetext: (_dictionary, _picture, _flashes, _icon, title) => post(String(title)),
    EndTextCommandThefeedPostMessagetextTu: (_dictionary, _picture, _flashes, _icon, title) => post(String(title)),
    PlaySoundFrontend: (_id, name, set) => show(`sound: ${name} (${set})`),
    IsWaypointActive: () => mark !== null,
    GetFirstBlipInfoId: (sprite) => (sprite === WAYPOINT_SPRITE && mark !== null ? WAYPOINT_BLIP : 0),
    GetBlipInfoIdCoord: () => [...(mark ?? [0, 0]), 0],
    SetNewWaypoint(x, y) {
      // The game keeps them as 32-bit floats.
      mark = [Math.fround(Number(x)), Math.fround(Number(y))];
      show(`waypoint: set at ${mark.map((number) => number.toFixed(1)).join(', ')}`);
    },
    SetWaypointOff() {
      mark = null;
      show('waypoint: gone');
    },
    GetGameTimer: () => Math.round(performance.now()),
    GetPlayerServerId: () => player.id,
    PlayerId: () => 0,
    PlayerPedId: () => 1,
    GetEntityCoords: () => [...player.coords],
    GetEntityHeading: () => player.heading,
  };
}
