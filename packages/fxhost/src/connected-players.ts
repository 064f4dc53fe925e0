import { decodeList } from './msgpack.ts';
import type { Player, Players } from './natives/players.ts';

/** An event that the server sent to a player. */
export interface ReceivedEvent {
  readonly event: string;
  readonly args: readonly unknown[];
  readonly latent: boolean;
}

/** A connected player in the hands of a test. */
export interface ConnectedPlayer {
  readonly id: number;
  /** What natives know of the player; may be changed. */
  readonly player: Player;
  /** The last 10,000 events sent to this client, oldest first. Functions arrive as callable functions. */
  readonly received: readonly ReceivedEvent[];
  /** Calls the watcher for each event sent to this client, before the player's game gets it. */
  watch(watcher: (event: ReceivedEvent) => void): void;
  /** Sends an event as this client. It is delivered at the next tick. */
  trigger(event: string, ...args: unknown[]): void;
  /** Types a command of the server as this player, without a slash. */
  runCommand(line: string): void;
  drop(reason?: string): void;
}

const KEPT = 10_000;

/** Adds to a list of the latest 10,000. */
export function keepLatest<Value>(list: Value[], value: Value): void {
  list.push(value);
  if (list.length > KEPT) list.shift();
}

/** Receives an event on a client that runs scripts. */
export type ClientListener = (event: string, payload: Uint8Array) => void;

interface Client {
  readonly received: ReceivedEvent[];
  readonly watchers: ReadonlySet<(event: ReceivedEvent) => void>;
  readonly listeners: Set<ClientListener>;
}

export function createConnectedPlayers(
  players: Players,
  fromScript: (value: unknown) => unknown,
  queue: (event: string, args: readonly unknown[], source: string) => void,
  runAsPlayer: (id: number, line: string) => void,
) {
  const clients = new Map<number, Client>();
  return {
    add(init: Partial<Player>): ConnectedPlayer {
      const player = players.add(init);
      const { id } = player;
      const received: ReceivedEvent[] = [];
      const watchers = new Set<(event: ReceivedEvent) => void>();
      clients.set(id, { received, watchers, listeners: new Set() });
      queue('playerJoining', [String(id)], `internal-net:${id}`);
      return {
        id,
        player,
        received,
        watch: (watcher) => void watchers.add(watcher),
        trigger: (event, ...args) => queue(event, args, `net:${id}`),
        runCommand: (line) => runAsPlayer(id, line),
        drop: (reason = 'Exiting') => void players.drop(id, reason),
      };
    },
    /** @param target a player's id, or -1 for all. A player who is not connected is ignored. */
    send(event: string, target: string, payload: Uint8Array, latent: boolean): void {
      const id = Number.parseInt(target, 10);
      for (const [clientId, { received, watchers, listeners }] of clients) {
        if (id !== -1 && id !== clientId) continue;
        const sent = { event, args: decodeList(payload).map(fromScript), latent };
        keepLatest(received, sent);
        for (const watcher of watchers) watcher(sent);
        for (const listener of listeners) listener(event, payload);
      }
    },
    /** Calls the listener for each event that a player is sent. */
    listen(id: number, listener: ClientListener): void {
      const client = clients.get(id);
      if (client === undefined) throw new Error(`no player ${id} is connected`);
      client.listeners.add(listener);
    },
    dropped: (id: number): void => void clients.delete(id),
  };
}
