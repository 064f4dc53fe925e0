import { type ClientListener, type ConnectedPlayer, keepLatest } from './connected-players.ts';
import { createEventDispatcher } from './event-dispatcher.ts';
import { createExportCalls } from './export-calls.ts';
import { callExport, createFunctionReferences, createPlainValues } from './function-references.ts';
import { createClientJsRuntime } from './js/js-runtime.ts';
import type { PlatformState } from './js/scope.ts';
import { createLuaRuntime, type LuaEngineSource } from './lua/lua-runtime.ts';
import { decodeList, encode, type FunctionReference } from './msgpack.ts';
import { tokenize } from './natives/console-line.ts';
import { hashKey } from './natives/resource-natives.ts';
import { stateBagNatives } from './natives/state-bags.ts';
import {
  createRuntimeHost,
  endScripts,
  type RuntimeKind,
  type RuntimeServices,
  runScripts,
} from './resource-runtimes.ts';
import type { ResourceScript } from './resource-scripts.ts';
import { createCallStack, createRunningScripts } from './running-scripts.ts';
import { StateBags, type StateChange } from './state-bags.ts';
import type { Native, ResourceInfo } from './types.ts';

/** A native call that a client script made. */
export interface NativeCall {
  readonly name: string;
  readonly args: readonly unknown[];
}

export interface ClientOptions {
  /** The natives the scripts find, by name; of others there are only those that tell scripts where they run. */
  readonly natives?: Readonly<Record<string, (...args: unknown[]) => unknown>>;
  /** Exports of resources that do not run on this client, for these scripts: resource, then name. */
  readonly exports?: Readonly<Record<string, Readonly<Record<string, (...args: unknown[]) => unknown>>>>;
  /** Gets every console line of these scripts as it is printed. */
  readonly log?: (line: string) => void;
}

/** The client scripts of one resource, JavaScript and Lua, running for one player beside those of others. */
export interface ClientScope {
  /** The last 10,000 calls of the natives that the test gave. */
  readonly calls: readonly NativeCall[];
  /** The last 10,000 console lines of the scripts. */
  readonly lines: readonly string[];
  /** Triggers a local event on this client, in all its resources. */
  emit(event: string, ...args: unknown[]): void;
  /** @returns what an export of these scripts returns. @throws when there is no such export, or it throws */
  callExport(exported: string, ...args: unknown[]): unknown;
  /**
   * Runs a command of these scripts that the player types, without a slash.
   *
   * @returns false when they have none of that name
   */
  runCommand(line: string): boolean;
  /** Advances the player's game by one frame: timers, threads and microtasks of all its scripts run. */
  tick(): void;
  /** Stops the scripts, as when the resource stops. */
  stop(): void;
}

/** Runs the client scripts of one resource in a player's game. */
export function createClientScope(
  game: ClientGame,
  resource: ResourceInfo,
  files: readonly ResourceScript[],
  { natives = {}, exports = {}, log = () => {} }: ClientOptions,
): ClientScope {
  const { name } = resource;
  const { scripts, events, references, plain, platform } = game;
  const calls: NativeCall[] = [];
  const lines: string[] = [];
  /** References of their handlers, by the names in lower case. */
  const commands = new Map<string, string>();

  /** Exports that the test gives answer the event by which scripts look them up. */
  const offered = new Map(
    Object.entries(exports).flatMap(([owner, functions]) =>
      Object.entries(functions).map(([exported, callback]) => [`__cfx_export_${owner}_${exported}`, callback]),
    ),
  );
  const emit: RuntimeServices['events']['emit'] = (event, payload, source) => {
    const callback = offered.get(event);
    if (callback === undefined) return events.emit(event, payload, source);
    const [give] = decodeList(payload) as [FunctionReference];
    references.invoke(give.functionReference, encode([plain.toScript(callback)]));
    return true;
  };

  const holdRef = (_caller: unknown, ref: string) => {
    const held = references.duplicate(ref);
    const call = (args: Uint8Array) => {
      try {
        references.invoke(held, args);
      } catch {
        // The runtime has printed it.
      }
    };
    return { call, release: () => references.delete(held) };
  };
  const known: Record<string, Native> = {
    GetCurrentResourceName: () => name,
    GetHashKey: (_caller, text) => hashKey(String(text)),
    GetInvokingResource: (caller) => caller.invokingResource(),
    GetResourceState: (_caller, other) => platform.resourceState(String(other)),
    GetPlayerServerId: () => game.playerId,
    IsDuplicityVersion: () => false,
    PlayerId: () => 0,
    RegisterCommand: (_caller, command, ref) =>
      void commands.set(String(command).toLowerCase(), references.duplicate(String(ref))),
  };
  Object.assign(known, stateBagNatives(game.stateBags, holdRef));
  for (const [native, run] of Object.entries(natives)) {
    known[native] = (_caller, ...args) => {
      keepLatest(calls, { name: native, args });
      return run(...args);
    };
  }
  const services: RuntimeServices = {
    stack: game.stack,
    events: { emit },
    references,
    exportCalls: createExportCalls(),
    stateBags: game.stateBags,
    natives: known,
    missingNatives: [],
    check() {},
    print(_channel, text) {
      keepLatest(lines, text);
      log(text);
    },
    fatal(message) {
      throw new Error(message);
    },
    sendToClient() {
      throw new Error('clients send events to the server only');
    },
    requestPass() {},
  };

  const kinds: readonly RuntimeKind[] = [
    ['.lua', (host) => createLuaRuntime(game.lua, host, { emitToServer: game.emitToServer })],
    ['.js', (host) => createClientJsRuntime(host, platform, game.emitToServer)],
  ];
  runScripts(scripts, kinds, files, (instance) => createRuntimeHost(services, resource, instance));
  const tell = (event: string) => events.emit(event, encode([name]), '');
  tell('onClientResourceStart');

  return {
    calls,
    lines,
    emit: (event, ...args) => void events.emit(event, encode(args.map(plain.toScript)), ''),
    callExport: (exported, ...args) => callExport({ events, plain }, name, exported, args),
    runCommand(line) {
      const [command = '', ...args] = tokenize(line);
      const ref = commands.get(command.toLowerCase());
      if (ref === undefined) return false;
      try {
        references.invoke(ref, encode([0, args, line]));
      } catch {
        // The runtime has printed it.
      }
      return true;
    },
    tick: game.tick,
    stop() {
      tell('onResourceStop');
      endScripts(scripts, name);
      commands.clear();
      game.stateBags.removeHandlersOf(name);
      tell('onClientResourceStop');
    },
  };
}

/** The game of one player: what the client scripts of all resources that run in it share. */
type ClientGame = ReturnType<typeof createClientGame>;

type Listen = (id: number, listener: ClientListener) => void;

/** A frame at 60 Hz. */
const FRAME_MS = 16;
/** Larger than those of the server's runtimes, to which the functions of a game mean nothing. */
const FIRST_INSTANCE = 1_000_000;

/**
 * The games of all players, each of which begins when it is asked for.
 *
 * @param listen has a listener called for each event that the server sends to a player
 */
export function createClientGames(lua: LuaEngineSource, listen: Listen, server: StateOfServer) {
  const games = new Map<number, ClientGame>();
  return {
    of(player: ConnectedPlayer): ClientGame {
      const game = games.get(player.id) ?? createClientGame(player, lua, listen, server);
      games.set(player.id, game);
      return game;
    },
    /** Hands a value of a state bag to all games, except the one that set it. */
    receiveState(change: StateChange): void {
      for (const [id, { stateBags }] of games) if (id !== change.source) stateBags.receive({ ...change, source: 0 });
    },
    /** Ends the game of a player, of which its scripts do not hear. */
    end(id: number): void {
      const scripts = games.get(id)?.scripts;
      for (const script of scripts?.all ?? []) {
        script.runtime.dispose('quit');
        scripts?.remove(script);
      }
      games.delete(id);
    },
    /** @returns whether it was the promise of a script in one of the games, which is told of it */
    rejected: (reason: unknown, promise: unknown): boolean =>
      [...games.values()].some(({ scripts }) =>
        scripts.all.some(({ runtime }) => runtime.rejected?.(reason, promise) ?? false),
      ),
  };
}

/** What a game shares with the server beside events. */
interface StateOfServer {
  readonly stateBags: Pick<StateBags, 'replicatedValues'>;
  setStateFromGame(change: StateChange & { readonly source: number }): void;
}

function createClientGame(player: ConnectedPlayer, lua: LuaEngineSource, listen: Listen, server: StateOfServer) {
  const stack = createCallStack();
  const scripts = createRunningScripts(stack, () => {}, FIRST_INSTANCE);
  const events = createEventDispatcher(scripts);
  const references = createFunctionReferences(scripts);
  const plain = createPlainValues(references);
  let now = 0;
  const platform: PlatformState = {
    now: () => now,
    resourceState: (name) => (scripts.of(name).length > 0 ? 'started' : 'missing'),
  };
  const stateBags = new StateBags({
    exists: () => true,
    replicate: (change) => server.setStateFromGame({ ...change, source: player.id }),
  });
  for (const change of server.stateBags.replicatedValues()) stateBags.receive(change);
  listen(player.id, (event, payload) => void events.emit(event, payload, 'net:65535'));

  return {
    lua,
    playerId: player.id,
    stack,
    scripts,
    events,
    references,
    plain,
    platform,
    stateBags,
    emitToServer: (event: string, payload: Uint8Array) => player.trigger(event, ...decodeList(payload)),
    tick() {
      now += FRAME_MS;
      scripts.enterAll((runtime) => runtime.tick(now));
    },
  };
}
