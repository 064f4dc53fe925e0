import { setInterval } from 'node:timers';
import type {
  ClientOptions,
  ClientScope,
  ConnectedPlayer,
  FxHost,
  Player,
  ReceivedEvent,
} from '../../packages/fxhost/src/index.ts';
import { tokenize } from '../../packages/fxhost/src/natives/console-line.ts';
import { API_MODE_EVENT } from '../../src/api/client-exports.ts';
import { CLEAR_WAYPOINT_EVENT, NATIVE_EVENT, SOUND_EVENT, WAYPOINT_EVENT } from '../../src/notify/client.ts';

/** A player who is to join; without an id the next free one, without identifiers a made-up licence. */
export interface NewPlayer {
  readonly id?: number;
  readonly name?: string;
  readonly identifiers?: readonly string[];
}

export const PLAYERS_USAGE = `join [name] [identifier…]   a player joins: join "Ada Okafor" license:0123
drop <id>                   a player leaves
players                     who is there
as <id> <command>           a player types a command: as 12 cadnotify off`;

/** What our own client script does with these is seen: a line of the event itself would say it twice. */
const SHOWN_BY_GAME: ReadonlySet<string> = new Set([
  ...[NATIVE_EVENT, SOUND_EVENT, WAYPOINT_EVENT, CLEAR_WAYPOINT_EVENT, API_MODE_EVENT],
]);
/** As the game server writes them. */
export const IDENTIFIER = /^[a-z0-9]+:\S+$/;
const FRAME_MS = 16;
const LONGEST = 200;

interface Present {
  readonly player: ConnectedPlayer;
  readonly natives: ReturnType<typeof createGameScreen>;
  /** By resource. */
  readonly scopes: Map<string, ClientScope>;
}

/**
 * The players of a server's stand-in, in whose games the client scripts of all resources run.
 *
 * @param print called with each line about what a player sees or does; `^1` to `^9` in it are colours, as FXServer has them
 */
export function createPlayers(host: FxHost, print: (text: string) => void) {
  const present = new Map<number, Present>();

  const describe = ({ player: { id, player } }: Present) =>
    `Player ${id}, ${player.name}, ${player.identifiers.join(', ') || 'without identifiers'}`;
  const show = ({ player: { id, player } }: Present, text: string) =>
    print(`^5[player ${id} ${player.name}]^7 ${text}`);
  const receive = (one: Present, { event, args }: ReceivedEvent) => {
    if (SHOWN_BY_GAME.has(event)) return;
    const text = args.map((arg) => JSON.stringify(arg) ?? 'nothing').join(' ');
    show(one, `net event ${event} ${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}`);
  };
  const runClient = (one: Present, resource: string) => {
    const log = (line: string) => show(one, `console: ${line}`);
    one.scopes.set(resource, host.runClient(one.player, resource, { natives: one.natives, log }));
  };

  host.on('onResourceStart', (resource) => {
    for (const one of present.values()) runClient(one, String(resource));
  });
  host.on('onResourceStop', (resource) => {
    for (const { scopes } of present.values()) {
      scopes.get(String(resource))?.stop();
      scopes.delete(String(resource));
    }
  });
  host.on('playerDropped', (reason) => {
    for (const [id, one] of present) {
      if (one.player.player.dropped === null) continue;
      show(one, `left: ${reason}`);
      present.delete(id);
    }
  });
  const frames = setInterval(() => {
    // One script of a game moves all of them.
    for (const { scopes } of present.values()) scopes.values().next().value?.tick();
  }, FRAME_MS);
  const stop = () => clearInterval(frames);
  host.closed.then(stop, stop);

  const join = ({ id, name, identifiers }: NewPlayer): Present => {
    const player = host.addPlayer({
      ...(id !== undefined && { id }),
      ...(name !== undefined && { name }),
      ...(identifiers !== undefined && { identifiers: [...identifiers] }),
    });
    const natives = createGameScreen(player.player, (text) => show(one, text));
    const one: Present = { player, natives, scopes: new Map() };
    present.set(player.id, one);
    player.watch((event) => receive(one, event));
    for (const resource of host.resourceNames())
      if (host.resourceState(resource) === 'started') runClient(one, resource);
    return one;
  };

  /** Says on the console when there is no such player. */
  const find = (word = ''): Present | undefined => {
    const found = /^\d{1,5}$/.test(word) ? present.get(Number(word)) : undefined;
    const ids = [...present.keys()].join(', ');
    if (found === undefined)
      print(
        `There is no player ${word === '' ? 'without an id' : `"${word}"`}. ${ids === '' ? 'No player has joined.' : `There are: ${ids}.`}`,
      );
    return found;
  };

  const commands: Readonly<Record<string, (words: readonly string[], line: string) => void>> = {
    join([name, ...identifiers]) {
      const wrong = identifiers.find((identifier) => !IDENTIFIER.test(identifier));
      if (wrong !== undefined)
        return print(
          `"${wrong}" is no identifier: expected one like license:0123. A name of several words goes in quotes.`,
        );
      const one = join({ ...(name !== undefined && { name }), ...(identifiers.length > 0 && { identifiers }) });
      print(`${describe(one)} joined. What they see is printed here; "as ${one.player.id} <command>" types for them.`);
    },
    drop: ([word]) => find(word)?.player.drop(),
    as([word, first = ''], line) {
      const one = find(word);
      if (one === undefined) return;
      const typed = line.replace(/^\s*\S+\s+\S+\s*\/?/, '');
      const name = first.replace(/^\//, '').toLowerCase();
      // The game asks its own scripts first.
      for (const scope of one.scopes.values()) if (scope.runCommand(typed)) return;
      if (!host.natives.commands.names().some((known) => known.toLowerCase() === name))
        return print(name === '' ? 'as <id> <command>: which command?' : `No resource has a command "${name}".`);
      show(one, `types /${typed}`);
      host.natives.runAsPlayer(one.player.id, typed);
    },
    players() {
      if (present.size === 0) print('No player has joined. "join" lets one join.');
      for (const one of present.values()) print(describe(one));
    },
  };

  return {
    /** @returns the player's server id */
    join: (player: NewPlayer): number => join(player).player.id,
    /** Runs a console line that is about players. @returns whether it was */
    run(line: string): boolean {
      const [command = '', ...words] = tokenize(line);
      if (!Object.hasOwn(commands, command)) return false;
      commands[command]?.(words, line);
      return true;
    },
  };
}

const WAYPOINT_SPRITE = 8;
const WAYPOINT_BLIP = 1;

/**
 * A player's game as far as it shows something: the natives of the feed, of sounds and of the mark on the map, and those that tell
 * scripts whose game it is.
 *
 * @param show called with what the player sees or hears, in one line
 */
function createGameScreen(player: Player, show: (text: string) => void): NonNullable<ClientOptions['natives']> {
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
