import { setInterval } from 'node:timers';
import { API_MODE_EVENT } from '../../src/api/client-exports.ts';
import { CLEAR_WAYPOINT_EVENT, NATIVE_EVENT, SOUND_EVENT, WAYPOINT_EVENT } from '../../src/notify/client.ts';
import type { ClientScope } from '../fxhost/client-scope.ts';
import type { ConnectedPlayer, ReceivedEvent } from '../fxhost/connected-players.ts';
import type { FxHost } from '../fxhost/host.ts';
import { tokenize } from '../fxhost/natives/console-line.ts';
import { createGameScreen } from './game-screen.ts';

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

/** The players of a server's stand-in, in whose games the client scripts of all resources run. */
export class Players {
  readonly #host: FxHost;
  readonly #print: (text: string) => void;
  readonly #present = new Map<number, Present>();

  /** @param print called with each line about what a player sees or does; `^1` to `^9` in it are colours, as FXServer has them */
  constructor(host: FxHost, print: (text: string) => void) {
    this.#host = host;
    this.#print = print;
    host.on('onResourceStart', (resource) => {
      for (const id of this.#present.keys()) this.#runClient(id, String(resource));
    });
    host.on('onResourceStop', (resource) => {
      for (const { scopes } of this.#present.values()) {
        scopes.get(String(resource))?.stop();
        scopes.delete(String(resource));
      }
    });
    host.on('playerDropped', (reason) => {
      for (const [id, { player }] of this.#present) {
        if (player.player.dropped === null) continue;
        this.#show(id, `left: ${reason}`);
        this.#present.delete(id);
      }
    });
    const frames = setInterval(() => {
      // One script of a game moves all of them.
      for (const { scopes } of this.#present.values()) scopes.values().next().value?.tick();
    }, FRAME_MS);
    host.closed.then(
      () => clearInterval(frames),
      () => clearInterval(frames),
    );
  }

  /** @returns the player's server id */
  join({ id, name, identifiers }: NewPlayer): number {
    const player = this.#host.addPlayer({
      ...(id !== undefined && { id }),
      ...(name !== undefined && { name }),
      ...(identifiers !== undefined && { identifiers: [...identifiers] }),
    });
    const natives = createGameScreen(player.player, (text) => this.#show(player.id, text));
    this.#present.set(player.id, { player, natives, scopes: new Map() });
    player.watch((event) => this.#receive(player.id, event));
    for (const resource of this.#host.resourceNames()) {
      if (this.#host.resourceState(resource) === 'started') this.#runClient(player.id, resource);
    }
    return player.id;
  }

  /**
   * Runs a console line that is about players.
   *
   * @returns whether it was
   */
  run(line: string): boolean {
    const [command, ...words] = tokenize(line);
    if (command === 'join') this.#joinAsTold(words);
    else if (command === 'drop') this.#drop(words);
    else if (command === 'as') this.#runAs(words, line);
    else if (command === 'players') this.#list();
    else return false;
    return true;
  }

  #joinAsTold([name, ...identifiers]: readonly string[]): void {
    const wrong = identifiers.find((identifier) => !IDENTIFIER.test(identifier));
    if (wrong !== undefined) {
      this.#print(
        `"${wrong}" is no identifier: expected one like license:0123. A name of several words goes in quotes.`,
      );
      return;
    }
    const id = this.join({
      ...(name !== undefined && { name }),
      ...(identifiers.length > 0 && { identifiers }),
    });
    this.#print(`${this.#describe(id)} joined. What they see is printed here; "as ${id} <command>" types for them.`);
  }

  #drop([word]: readonly string[]): void {
    const id = this.#idOf(word);
    if (id !== null) this.#present.get(id)?.player.drop();
  }

  #runAs([word, first]: readonly string[], line: string): void {
    const id = this.#idOf(word);
    if (id === null) return;
    const typed = line.replace(/^\s*\S+\s+\S+\s*\/?/, '');
    const name = first?.replace(/^\//, '').toLowerCase() ?? '';
    // The game asks its own scripts first.
    for (const scope of this.#present.get(id)?.scopes.values() ?? []) if (scope.runCommand(typed)) return;
    if (!this.#host.natives.commands.names().some((known) => known.toLowerCase() === name)) {
      this.#print(name === '' ? 'as <id> <command>: which command?' : `No resource has a command "${name}".`);
      return;
    }
    this.#show(id, `types /${typed}`);
    this.#host.natives.runAsPlayer(id, typed);
  }

  #list(): void {
    if (this.#present.size === 0) this.#print('Nobody is there. "join" lets a player join.');
    for (const id of this.#present.keys()) this.#print(this.#describe(id));
  }

  #idOf(word = ''): number | null {
    const id = /^\d{1,5}$/.test(word) ? Number(word) : Number.NaN;
    if (this.#present.has(id)) return id;
    const ids = [...this.#present.keys()].join(', ');
    this.#print(
      `There is no player ${word === '' ? 'without an id' : `"${word}"`}. ${ids === '' ? 'Nobody is there.' : `There are: ${ids}.`}`,
    );
    return null;
  }

  #describe(id: number): string {
    const { name = '', identifiers = [] } = this.#present.get(id)?.player.player ?? {};
    return `Player ${id}, ${name}, ${identifiers.join(', ') || 'without identifiers'}`;
  }

  #show(id: number, text: string): void {
    this.#print(`^5[player ${id} ${this.#present.get(id)?.player.player.name}]^7 ${text}`);
  }

  #receive(id: number, { event, args }: ReceivedEvent): void {
    if (SHOWN_BY_GAME.has(event)) return;
    const text = args.map((arg) => JSON.stringify(arg) ?? 'nothing').join(' ');
    this.#show(id, `net event ${event} ${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}`);
  }

  #runClient(id: number, resource: string): void {
    const present = this.#present.get(id);
    if (present === undefined) return;
    const scope = this.#host.runClient(present.player, resource, {
      natives: present.natives,
      log: (line) => this.#show(id, `console: ${line}`),
    });
    present.scopes.set(resource, scope);
  }
}
