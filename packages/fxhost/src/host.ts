import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve as resolvePath } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers';
import { type ClientOptions, type ClientScope, createClientGames, createClientScope } from './client-scope.ts';
import { type ConnectedPlayer, createConnectedPlayers, keepLatest } from './connected-players.ts';
import { createEventDispatcher } from './event-dispatcher.ts';
import { createFatal } from './fatal.ts';
import { callExport, createFunctionReferences, createPlainValues } from './function-references.ts';
import { createGameLoop } from './game-loop.ts';
import { createHttpServer } from './http/http-server.ts';
import { createResourceEndpoints, type DirectRequest, type DirectResponse } from './http-handlers.ts';
import { loadLua } from './lua/lua-runtime.ts';
import { readManifest } from './lua/manifest.ts';
import { decodeList, encode } from './msgpack.ts';
import { createNatives } from './natives/create-natives.ts';
import type { Player } from './natives/players.ts';
import { createOutgoingRequests } from './outgoing-requests.ts';
import { createLifecycle, type Resource, type ResourceState } from './resource-lifecycle.ts';
import { createResourceRuntimes } from './resource-runtimes.ts';
import { readScripts } from './resource-scripts.ts';
import { createCallStack, createRunningScripts } from './running-scripts.ts';
import type { Native } from './types.ts';

export interface HostOptions {
  /** TCP port; 0, the default, takes a free one. */
  readonly port?: number;
  /** Address to listen on, 127.0.0.1 unless given. */
  readonly bindHost?: string;
  /** The server's data folder, with `db/` and `cache/`. Unless given: a temporary one, deleted by `close`. */
  readonly root?: string;
  /** Set before anything starts, as a server.cfg does. */
  readonly convars?: Readonly<Record<string, string>>;
  /** Gets every console line as it is printed. */
  readonly log?: (line: string) => void;
  /** Called once where FXServer would have crashed. Unless given, `closed` rejects, and so does `close`. */
  readonly onFatal?: (error: Error) => void;
  /** KVP writes that were not flushed are forgotten, as in a power cut. */
  readonly powerLoss?: boolean;
  /** The request header `x-fxhost-peer: 198.51.100.7:5555` stands for the peer's address. */
  readonly trustPeerHeader?: boolean;
  /** Sees what the server does for scripts, step by step. */
  readonly watch?: WatchSteps;
  /** Nothing moves but by `tick` and `pump`. */
  readonly manualTicks?: boolean;
  /**
   * Which game server this stands for: FXServer (`legacy`, the default), or the newer one of GTA V Enhanced, which names its version
   * differently and gives the server id of a player who left to the next one. Run it on that server's Node, which is 26.
   */
  readonly edition?: Edition;
  /** `FindKvp` finds no key, as in an early build of the newer server. */
  readonly findsNoKeys?: boolean;
}

/** Something that the server does for a script, as it is seen by a test that ends the process in the middle of it. */
export type HostStep =
  | {
      readonly kind: 'native';
      readonly name: string;
      readonly args: readonly unknown[];
      /** false before it, true after it */
      readonly done: boolean;
    }
  /** Every handler of a local event has run. */
  | { readonly kind: 'event'; readonly name: string }
  /** The last byte of an answer has been handed to the system. */
  | { readonly kind: 'answer' };

/** Is called on the stack of what causes the step. */
export type WatchSteps = (step: HostStep) => void;

type Edition = 'legacy' | 'enhanced';

/** A running stand-in for FXServer. */
export type FxHost = Awaited<ReturnType<typeof startHost>>;

/** Starts a server without resources. Rejects when the port is taken. */
export async function startHost(options: HostOptions = {}) {
  const { edition = 'legacy' } = options;
  const lua = await loadLua();
  const root = resolvePath(options.root ?? mkdtempSync(join(tmpdir(), 'fxhost-')));
  const console = createConsoleLines(options.log ?? (() => {}));
  const fatality = createFatal((message) => {
    console.print('fatal', message);
    loop.stop();
  }, options.onFatal);
  const { fatal } = fatality;

  const resources = new Map<string, Resource>();
  const stack = createCallStack();
  const scripts = createRunningScripts(stack, fatality.check);
  const listeners = new Map<string, ((...args: unknown[]) => void)[]>();
  const events = createEventDispatcher(scripts, (name, payload) => {
    options.watch?.({ kind: 'event', name });
    for (const listener of listeners.get(name) ?? []) listener(...decodeList(payload).map(plain.fromScript));
  });
  const references = createFunctionReferences(scripts);
  const queue = (name: string, args: readonly unknown[], source: string) =>
    events.queue(name, encode(args.map(plain.toScript)), source);
  const plain = createPlainValues(references);

  const pump = () => scripts.enterAll((runtime) => runtime.pump());
  const tick = (now: number) =>
    fatality.shield(() => {
      events.flush();
      scripts.enterAll((runtime) => runtime.tick(now));
    });
  const loop = createGameLoop(options.manualTicks ?? false, tick, () => fatality.shield(pump));

  const natives = createNatives({
    resources,
    runtime: {
      start: (name) => lifecycle.start(name),
      stop: (name) => lifecycle.stop(name),
      cancelEvent: events.cancel,
      wasEventCanceled: () => events.canceled,
      scheduleTick(name) {
        setImmediate(() =>
          fatality.shield(() => {
            if (resources.get(name)?.state !== 'started') return;
            for (const script of scripts.of(name)) scripts.enter(script, (runtime) => runtime.tick(loop.tickTime()));
          }),
        );
      },
      gameTimer: () => (options.manualTicks ? loop.tickTime() : performance.now() - startedAt),
    },
    kvp: {
      folder: join(root, 'db'),
      powerLoss: options.powerLoss ?? false,
      findsNoKeys: options.findsNoKeys ?? false,
    },
    reusesPlayerIds: edition === 'enhanced',
    configFolder: root,
    callRef(ref, args) {
      try {
        references.invoke(ref, encode(args));
      } catch (error) {
        fatality.check();
        if ((error as NodeJS.ErrnoException).code === 'REF_INVALID') console.print('script', (error as Error).message);
      }
    },
    print: (text) => console.print('cmd', text),
    fatal,
    playerDropped(player, reason) {
      events.emit('playerDropped', encode([reason]), `internal-net:${player.id}`);
      players.dropped(player.id);
      games.end(player.id);
    },
  });
  const startedAt = performance.now();
  const { convars } = natives;
  const first = { ...OWN_CONVARS[edition], ...options.convars };
  for (const [name, value] of Object.entries(first)) convars.set(name, value);
  const players = createConnectedPlayers(natives.players, plain.fromScript, queue);
  const games = createClientGames(lua, players.listen);

  const requests = createOutgoingRequests({ events, fatal });
  const release = () => {
    loop.stop();
    requests.close();
    natives.close();
    if (options.root === undefined) rmSync(root, { recursive: true, force: true });
  };
  const http = await createHttpServer({
    port: options.port ?? 0,
    ...(options.bindHost && { host: options.bindHost }),
    convar: (name, fallback) => convars.get(name) ?? fallback,
    fatal,
    onMainThread: (callback) => void setImmediate(() => fatality.shield(callback)),
    trustPeerHeader: options.trustPeerHeader ?? false,
    serverInfo: () => convars.serverInfo(),
  }).catch((error: unknown) => {
    release();
    throw error;
  });
  convars.set('netPort', String(http.port));
  const answered = () => options.watch?.({ kind: 'answer' });
  const endpoints = createResourceEndpoints({ http, references, resources, fatality, answered });
  const allNatives = watchNatives(
    {
      ...natives.natives,
      ...endpoints.natives,
      ...requests.natives,
      // What a remote console of the newer server gets.
      ...(edition === 'enhanced' && {
        PrintRemoteCommandLog: (_caller: unknown, text: unknown) => console.print('remote', String(text)),
      }),
    },
    options.watch,
  );

  const runtimes = createResourceRuntimes({
    scripts,
    lua,
    resources,
    root,
    permissions: natives.permissions,
    now: loop.tickTime,
    runtimes: {
      stack,
      events,
      references,
      natives: allNatives,
      check: fatality.check,
      print: console.print,
      fatal,
      sendToClient: players.send,
      requestPass: loop.requestPass,
    },
  });
  const lifecycle = createLifecycle(resources, {
    emit: (name, resource) => events.emit(name, encode([resource]), ''),
    queue: (name, resource) => events.queue(name, encode([resource]), ''),
    print: (text) => console.print('resources', text),
    createScripts: runtimes.create,
    destroyScripts(resource) {
      natives.resourceStopped(resource.name);
      runtimes.destroy(resource);
    },
    mount: endpoints.mount,
    unmount: endpoints.unmount,
    build: () => Number(convars.get('buildNumber')),
  });

  const known = (name: string): Resource => {
    const resource = resources.get(name);
    if (resource === undefined) throw new Error(`the host knows no resource ${name}`);
    return resource;
  };
  const refresh = () => {
    for (const resource of resources.values()) {
      resource.metadata = readManifest(lua, join(resource.path, 'fxmanifest.lua'));
    }
  };
  const close = async () => {
    if (fatality.ended) return fatality.report();
    fatality.end();
    await http.close();
    for (const script of scripts.all) {
      script.runtime.dispose('quit');
      scripts.remove(script);
    }
    release();
    return fatality.report();
  };
  const say = (text: string) => console.print('cmd', text);
  const { commands } = natives;
  for (const name of ['start', 'stop', 'restart', 'ensure'] as const) {
    commands.define(name, (_source, [resource = '']) => void lifecycle[name](resource), 1);
  }
  commands.define('refresh', refresh, 0);
  commands.define('quit', () => void close());
  commands.define('players', () => {
    const list = natives.players.list();
    say(`${list.length} players`);
    for (const { id, name, identifiers } of list) say(`${id} ${name} ${identifiers.join(' ')}`);
  });
  commands.define('help', () => say(commands.names().sort().join(' ')));

  return {
    port: http.port,
    /** `http://<address>:<port>` as this machine reaches it, no slash at the end. */
    url: `http://${urlHost(options.bindHost)}:${http.port}`,
    /** The last 10,000 console lines, each `[channel] text`. */
    lines: console.lines as readonly string[],
    /** Natives' stores: convars, commands, accessControl, permissions, players, kvp. */
    natives,
    /**
     * Makes a resource known. @param dir its folder. @param name the folder's name unless given.
     * @throws when the name is taken, or the manifest would be refused.
     */
    addResource(dir: string, name = basename(resolvePath(dir))): void {
      if (resources.has(name)) throw new Error(`there is a resource ${name} already`);
      const path = resolvePath(dir);
      const metadata = readManifest(lua, join(path, 'fxmanifest.lua'));
      resources.set(name, { name, path, metadata, state: 'stopped', httpHandler: null });
    },
    ...lifecycle,
    /** Reads the manifests of all known resources again. */
    refresh,
    resourceState: (name: string): ResourceState | 'missing' => resources.get(name)?.state ?? 'missing',
    /** In the order they were added. */
    resourceNames: (): string[] => [...resources.keys()],
    /** Runs console text. */
    execute: natives.runConsole,
    addPlayer: (player: Partial<Player> = {}): ConnectedPlayer => players.add(player),
    /** Runs a resource's client scripts for one player. */
    runClient(player: ConnectedPlayer, name: string, clientOptions: ClientOptions = {}): ClientScope {
      const resource = known(name);
      const print = (text: string) => console.print('resources', text);
      const files = readScripts(resource, 'client_script', (other) => resources.get(other)?.path, print);
      return createClientScope(games.of(player), resource, files, clientOptions);
    },
    /** Local event to every resource. Functions in the arguments are callable by scripts. @returns false when cancelled. */
    emit: (name: string, ...args: unknown[]): boolean => events.emit(name, encode(args.map(plain.toScript)), ''),
    /** Has the listener called for each local event of that name, after the resources' own handlers. */
    on: (name: string, listener: (...args: unknown[]) => void): void =>
      void listeners.set(name, [...(listeners.get(name) ?? []), listener]),
    /** Names of the events a resource accepts from clients, sorted. */
    netSafeEvents: (name: string): string[] =>
      [...new Set(scripts.of(name).flatMap(({ runtime }) => runtime.netSafeEvents()))].sort(),
    /** @returns what the export gives; a promise when it gives one. @throws when there is no such export, or it throws. */
    callExport: (resource: string, name: string, ...args: unknown[]): unknown =>
      callExport({ events, plain }, resource, name, args),
    setConvar: (name: string, value: string): void => void convars.set(name, value),
    getConvar: convars.get,
    /** Calls the function a resource gave to SetHttpHandler, past the sockets but through the same boundary. */
    request: async (name: string, request: DirectRequest): Promise<DirectResponse> =>
      endpoints.request(known(name), request),
    /** Game ticks of 50 ms. */
    tick: (count = 1): void => loop.tick(count),
    /** One pass of every runtime's event loop. */
    pump,
    /** Functions of a resource that others could still call, of all its runtimes. */
    countRefs: (name: string): number => scripts.of(name).reduce((sum, { runtime }) => sum + runtime.countRefs(), 0),
    /**
     * For the process's `unhandledRejection`: hands it to the resource whose promise it is, as FXServer does.
     * @returns false when it is no resource's.
     */
    rejected: (reason: unknown, promise: unknown): boolean =>
      scripts.all.some(({ runtime }) => runtime.rejected?.(reason, promise) ?? false) ||
      games.rejected(reason, promise),
    /** Resolves when the server has ended, rejects when it would have crashed. */
    closed: fatality.closed,
    /** Ends the server as `quit` does: no resource hears of it. Rejects when it would have crashed and `onFatal` is not given. */
    close,
  };
}

/** What a server of each edition says of itself. FXServer's build is that of one built from source; it satisfies every `/server:` constraint. */
const OWN_CONVARS = {
  legacy: { version: 'FXServer-fxhost v1.0.0.99999', buildNumber: '99999', gamename: 'gta5' },
  enhanced: { version: 'CfxServer-fxhost b161', buildNumber: '161', gamename: 'gta5enhanced' },
} as const;

function watchNatives(
  natives: Readonly<Record<string, Native>>,
  watch: WatchSteps | undefined,
): Readonly<Record<string, Native>> {
  if (watch === undefined) return natives;
  const watched = (name: string, native: Native): Native => {
    return (caller, ...args) => {
      watch({ kind: 'native', name, args, done: false });
      const result = native(caller, ...args);
      watch({ kind: 'native', name, args, done: true });
      return result;
    };
  };
  return Object.fromEntries(Object.entries(natives).map(([name, native]) => [name, watched(name, native)]));
}

/** The host part of a URL by which this machine reaches what listens on an address. */
export function urlHost(bindHost = '127.0.0.1'): string {
  if (bindHost === '0.0.0.0' || bindHost === '::') return '127.0.0.1';
  return bindHost.includes(':') ? `[${bindHost}]` : bindHost;
}

/** The server's console output. @param log gets every line as it is printed. */
function createConsoleLines(log: (line: string) => void) {
  const lines: string[] = [];
  return {
    /** The last lines, oldest first, each `[channel] text`, colour codes kept. */
    lines,
    /** @param channel `script:<resource>` for scripts, else FXServer's name for the part that speaks. */
    print(channel: string, text: string): void {
      for (const part of text.replace(/\n$/, '').split('\n')) {
        const line = `[${channel}] ${part}`;
        keepLatest(lines, line);
        log(line);
      }
    },
  };
}
