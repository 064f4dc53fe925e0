import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve as resolvePath, sep } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers';
import { createClientGames, createClientScope } from './client-scope.ts';
import { createConnectedPlayers, keepLatest } from './connected-players.ts';
import { createEventDispatcher } from './event-dispatcher.ts';
import { createExportCalls } from './export-calls.ts';
import { createFatal } from './fatal.ts';
import { callExport, createFunctionReferences, createPlainValues } from './function-references.ts';
import type { FxHost, HostOptions, WatchSteps } from './fx-host.ts';
import { createGameLoop } from './game-loop.ts';
import { createHttpServer } from './http/http-server.ts';
import { createResourceEndpoints } from './http-handlers.ts';
import { loadLua } from './lua/lua-runtime.ts';
import { readManifest } from './lua/manifest.ts';
import { decodeList, encode } from './msgpack.ts';
import { createNatives } from './natives/create-natives.ts';
import { SERVER_NATIVES } from './natives/server-natives.ts';
import { createOutgoingRequests } from './outgoing-requests.ts';
import { createLifecycle, type Resource } from './resource-lifecycle.ts';
import { createResourceRuntimes } from './resource-runtimes.ts';
import { readScripts } from './resource-scripts.ts';
import { createCallStack, createRunningScripts } from './running-scripts.ts';
import type { Native } from './types.ts';

/** Starts a server and its resources. Rejects when the port is taken, or FXServer would refuse a manifest. */
export async function startHost(options: HostOptions = {}): Promise<FxHost> {
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
  const exportCalls = createExportCalls();

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
    configFolder: options.configFolder ?? root,
    callRef(ref, args) {
      try {
        references.invoke(ref, args instanceof Uint8Array ? args : encode(args));
      } catch (error) {
        fatality.check();
        if ((error as NodeJS.ErrnoException).code === 'REF_INVALID') console.print('script', (error as Error).message);
      }
    },
    print: (text) => console.print('cmd', text),
    fatal,
    emit(name, args, when, source = '') {
      if (when === 'now') return events.emit(name, encode(args), source);
      events.queue(name, encode(args), source);
      return true;
    },
    replicateState: (change) => games.receiveState(change),
    playerDropped(player, reason) {
      events.emit('playerDropped', encode([reason]), `internal-net:${player.id}`);
      players.dropped(player.id);
      games.end(player.id);
    },
  });
  const startedAt = performance.now();
  const { convars } = natives;
  const first = { ...ONESYNC, ...OWN_CONVARS[edition], ...options.convars };
  for (const [name, value] of Object.entries(first)) convars.set(name, value);
  const players = createConnectedPlayers(natives.players, plain.fromScript, queue, natives.runAsPlayer);
  const games = createClientGames(lua, players.listen, natives);

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
      ...suppliedNatives(options.natives),
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
      exportCalls,
      stateBags: natives.stateBags,
      natives: allNatives,
      missingNatives: SERVER_NATIVES.filter((name) => !Object.hasOwn(allNatives, name)),
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
  /** A resource by its name, or all that lie in a folder such as `[local]`. */
  const namedBy = (word: string): readonly string[] => {
    if (!/^\[.+\]$/.test(word)) return [word];
    return [...resources.values()].filter(({ path }) => path.split(sep).includes(word)).map(({ name }) => name);
  };
  const { commands } = natives;
  for (const name of ['start', 'stop', 'restart', 'ensure'] as const) {
    commands.define(name, (_source, [word = '']) => namedBy(word).forEach(lifecycle[name]), 1);
  }
  commands.define('refresh', () => {
    try {
      refresh();
    } catch (error) {
      console.print('resources', `^1${(error as Error).message}^7`);
    }
  });
  commands.define('quit', () => void close());
  commands.define('players', () => {
    const list = natives.players.list();
    say(`${list.length} players`);
    for (const { id, name, identifiers } of list) say(`${id} ${name} ${identifiers.join(' ')}`);
  });
  commands.define('help', () => say(commands.names().sort().join(' ')));

  const addResource = (dir: string, name = basename(resolvePath(dir))): void => {
    if (resources.has(name)) throw new Error(`there is a resource ${name} already`);
    const path = resolvePath(dir);
    const metadata = readManifest(lua, join(path, 'fxmanifest.lua'));
    resources.set(name, { name, path, metadata, state: 'stopped', httpHandler: null });
  };
  const host: FxHost = {
    port: http.port,
    url: `http://${urlHost(options.bindHost)}:${http.port}`,
    lines: console.lines,
    console: console.text,
    exportCalls: exportCalls.calls,
    get failedScripts() {
      return runtimes.failedScripts();
    },
    natives,
    nativeNames: Object.keys(allNatives),
    addResource,
    ...lifecycle,
    refresh,
    resourceState: (name) => resources.get(name)?.state ?? 'missing',
    resourceNames: () => [...resources.keys()],
    execute: natives.runConsole,
    addPlayer: (player = {}) => players.add(player),
    runClient(player, name, clientOptions = {}) {
      const resource = known(name);
      const print = (text: string) => console.print('resources', text);
      const files = readScripts(resource, 'client_script', (other) => resources.get(other)?.path, print);
      return createClientScope(games.of(player), resource, files, clientOptions);
    },
    emit: (name, ...args) => events.emit(name, encode(args.map(plain.toScript)), ''),
    on: (name, listener) => void listeners.set(name, [...(listeners.get(name) ?? []), listener]),
    netSafeEvents: (name) => [...new Set(scripts.of(name).flatMap(({ runtime }) => runtime.netSafeEvents()))].sort(),
    callExport: (resource, name, ...args) => callExport({ events, plain }, resource, name, args),
    setConvar: (name, value) => void convars.set(name, value),
    getConvar: convars.get,
    request: async (name, request) => endpoints.request(known(name), request),
    tick: (count = 1) => loop.tick(count),
    pump,
    countRefs: (name) => scripts.of(name).reduce((sum, { runtime }) => sum + runtime.countRefs(), 0),
    rejected: (reason, promise) =>
      scripts.all.some(({ runtime }) => runtime.rejected?.(reason, promise) ?? false) ||
      games.rejected(reason, promise),
    closed: fatality.closed,
    close,
    [Symbol.asyncDispose]: close,
  };
  try {
    for (const folder of options.resources ?? []) addResource(folder);
  } catch (error) {
    await close();
    throw error;
  }
  for (const name of host.resourceNames()) host.start(name);
  return host;
}

/** There are entities and state bags, and scripts ask these whether there are. */
const ONESYNC = { onesync: 'on', onesync_enabled: 'true', onesync_enableInfinity: '1' };

/**
 * What a server of each edition says of itself. FXServer's build is that of one built from source; it satisfies every
 * `/server:` constraint.
 */
const OWN_CONVARS = {
  legacy: { version: 'FXServer-fxhost v1.0.0.99999', buildNumber: '99999', gamename: 'gta5' },
  enhanced: { version: 'CfxServer-fxhost b161', buildNumber: '161', gamename: 'gta5enhanced' },
} as const;

/** Natives of a test's options, which take no caller. */
function suppliedNatives(natives: HostOptions['natives'] = {}): Record<string, Native> {
  return Object.fromEntries(
    Object.entries(natives).map(([name, native]): [string, Native] => [name, (_caller, ...args) => native(...args)]),
  );
}

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
    lines: lines as readonly string[],
    /** All of them as one text, or what the scripts of one resource printed, without its channel. */
    text(resource?: string): string {
      const channel = resource === undefined ? '' : `[script:${resource}] `;
      const own = lines.filter((line) => line.startsWith(channel)).map((line) => line.slice(channel.length));
      return own.join('\n');
    },
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
