import { setInterval } from 'node:timers';
import type { ClientScope } from '../client-scope.ts';
import type { ConnectedPlayer, ReceivedEvent } from '../connected-players.ts';
import type { FxHost } from '../fx-host.ts';
import { tokenize } from '../natives/console-line.ts';
import { createGameScreen } from './game-screen.ts';

/** A player who is to join. Without an id they get the next free one, without identifiers a made-up licence. */
export interface NewPlayer {
  readonly id?: number;
  readonly name?: string;
  readonly identifiers?: readonly string[];
}

export const PLAYERS_USAGE = `join [name] [identifier…]   a player joins: join "Ada Okafor" license:0123
drop <id>                   a player leaves
players                     who is there
as <id> <command>           a player types a command: as 12 help`;

/**
 * Reads a player from a command-line option: a name, then identifiers, with commas.
 *
 * @throws Error that names what is wrong
 */
export function readPlayer(text: string): NewPlayer {
  const [name = '', ...identifiers] = text.split(',').map((part) => part.trim());
  const wrong = identifiers.find((identifier) => !IDENTIFIER.test(identifier));
  if (name === '' || wrong !== undefined) {
    throw new Error(`--player ${text}: expected a name, then identifiers, as in "Ada Okafor,license:0123"`);
  }
  return { name, ...(identifiers.length > 0 && { identifiers }) };
}

/** An identifier as the game server writes it. */
const IDENTIFIER = /^[a-z0-9]+:\S+$/;
const FRAME_MS = 16;
const MAX_SHOWN_LENGTH = 200;

export interface Players {
  /** @returns the player's server id */
  join(player: NewPlayer): number;
  /** Runs a console line that is about players. @returns whether it was */
  run(line: string): boolean;
}

interface Present {
  readonly player: ConnectedPlayer;
  readonly natives: ReturnType<typeof createGameScreen>;
  /** By resource. */
  readonly scopes: Map<string, ClientScope>;
}

/**
 * Players who join from the console. The client scripts of all resources run in their games.
 *
 * @param print called with each line about what a player sees or does; `^1` to `^9` in it are colours, as FXServer has
 * them
 * @param hiddenEvents net events that are not printed, because a client script makes visible what they do
 */
export function createPlayers(
  host: FxHost,
  print: (text: string) => void,
  hiddenEvents: ReadonlySet<string> = new Set(),
): Players {
  const present = new Map<number, Present>();

  const describe = ({ player: { id, player } }: Present) =>
    `Player ${id}, ${player.name}, ${player.identifiers.join(', ') || 'without identifiers'}`;
  const show = ({ player: { id, player } }: Present, text: string) =>
    print(`^5[player ${id} ${player.name}]^7 ${text}`);
  const receive = (one: Present, { event, args }: ReceivedEvent) => {
    if (hiddenEvents.has(event)) return;
    const text = args.map((arg) => JSON.stringify(arg) ?? 'nothing').join(' ');
    show(one, `net event ${event} ${text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text}`);
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
    const asked = word === '' ? 'without an id' : `"${word}"`;
    const others = ids === '' ? 'No player has joined.' : `There are: ${ids}.`;
    if (found === undefined) print(`There is no player ${asked}. ${others}`);
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
    join: (player) => join(player).player.id,
    run(line) {
      const [command = '', ...words] = tokenize(line);
      if (!Object.hasOwn(commands, command)) return false;
      commands[command]?.(words, line);
      return true;
    },
  };
}
