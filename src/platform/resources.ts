import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../lib/log.ts';
import { reasonOf } from '../lib/text.ts';
import type { GameEvents } from './events.ts';

export type OwnResource = ReturnType<typeof readOwnResource>;

/** This resource, as the game server knows it. */
export function readOwnResource() {
  const name = GetCurrentResourceName();
  const folder = GetResourcePath(name);
  return {
    /** The folder's name, which is part of the address that the CAD calls. */
    name,
    /** Three plain numbers, from the manifest. */
    version: (GetResourceMetadata(name, 'version', 0) as string | null) ?? '0.0.0',
    /** @returns the text of a file of this resource, or null when there is none */
    readFile(path: string): string | null {
      // The published typings promise a string.
      return LoadResourceFile(name, path) as string | null;
    },
    /** @returns the client of NATS @throws when it cannot be loaded, with the file and the cause in the message */
    requireNats: (): unknown => loadModule('resource/nats.cjs', () => require('./resource/nats.cjs')),
    /** @returns the client of Prometheus @throws as `requireNats` does */
    requirePrometheus: (): unknown => loadModule('resource/prometheus.cjs', () => require('./resource/prometheus.cjs')),
    /** Whether there is such a file of this resource, even one that another program holds back. */
    hasFile: (path: string): boolean => existsSync(join(folder, path)),
    /** Writes a file of this resource that does not exist yet. @returns why that was refused, null when it was written */
    createFile: (path: string, text: string): string | null => createFile(join(folder, path), text),
  };
}

function loadModule(file: string, load: () => unknown): unknown {
  try {
    return load();
  } catch (error) {
    // The lines after the first are Node's advice to the author of the module.
    const [cause = ''] = reasonOf(error).split('\n');
    throw new Error(`${file} could not be loaded: ${cause}`);
  }
}

/** Not by the native: that overwrites what is there. */
function createFile(path: string, text: string): string | null {
  try {
    const file = openSync(path, 'wx');
    try {
      writeFileSync(file, text);
    } catch (error) {
      // Half a file would be read at the next start.
      rmSync(path);
      throw error;
    } finally {
      closeSync(file);
    }
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? reasonOf(error);
  }
}

export type OtherResources = ReturnType<typeof createOtherResources>;

/** The other resources on this server. */
export function createOtherResources() {
  return {
    isStarted: (name: string): boolean => GetResourceState(name) === 'started',
    /** @throws when there is no such export, or it fails */
    callExport(resource: string, name: string, ...args: unknown[]): unknown {
      // The game server's proxy throws on a name that there is no export of; the typings do not know that.
      const exported = globalThis.exports[resource]?.[name];
      if (exported === undefined) throw new Error(`no export ${name} in ${resource}`);
      return exported(...args);
    },
    /** @returns the text of the file that a resource's manifest names under `key`; null when there is none */
    readNamedFile(resource: string, key: string): string | null {
      // The published typings promise a string; the natives give null for what is not there.
      const path = GetResourceMetadata(resource, key, 0) as string | null;
      return path === null ? null : (LoadResourceFile(resource, path) as string | null);
    },
  };
}

/** The name that the official resource must have, and that other resources look for. */
const OFFICIAL_NAME = 'sonorancad';

export type OfficialResource = ReturnType<typeof createOfficialResource>;

/**
 * The official resource, where this one runs beside it under another name.
 *
 * @param ownName the folder of this resource; where that is `sonorancad`, there is no other of that name
 */
export function createOfficialResource(ownName: string, events: Pick<GameEvents, 'on'>) {
  const watchers: ((isRunning: boolean) => void)[] = [];
  const isOther = ownName !== OFFICIAL_NAME;
  const hasStarted = () => ['starting', 'started'].includes(GetResourceState(OFFICIAL_NAME));
  let running = isOther && hasStarted();
  const update = (isRunning: boolean) => {
    if (!isOther || isRunning === running) return;
    running = isRunning;
    for (const watcher of watchers) watcher(isRunning);
  };
  events.on('onResourceStart', (name) => update(name === OFFICIAL_NAME || hasStarted()));
  // Its state is `started` until all handlers of this have run.
  events.on('onResourceStop', (name) => update(name !== OFFICIAL_NAME && hasStarted()));
  // Comes once that is over: one of the handlers may have stopped another resource meanwhile.
  events.on('onServerResourceStop', () => update(hasStarted()));

  return {
    /** Whether another resource named `sonorancad` is starting or started. */
    isRunning: (): boolean => running,
    /** Calls after that has changed. */
    onChange: (watcher: (isRunning: boolean) => void): void => void watchers.push(watcher),
  };
}

/**
 * Says what is left to the official resource, now if it runs and whenever that changes.
 *
 * @param own where this resource receives events
 * @param emitsLegacy whether the official resource's events are triggered at this moment
 */
export function announceOfficial(
  official: OfficialResource,
  own: { readonly resourceName: string; readonly port: number },
  emitsLegacy: () => boolean,
  log: Log,
): void {
  const path = `${own.port}/${own.resourceName}/event`;

  function announce(isRunning: boolean): void {
    if (!isRunning) {
      log.info(
        `The official resource has stopped: this resource does its part again. Events come in at http://<this server>:${path}.`,
      );
      return;
    }
    const legacy = emitsLegacy() ? '' : 'its own events, ';
    log.info(
      `The official resource runs beside this one and keeps doing these: ${legacy}notifications, the WebSocket session, this server's entry in the CAD, shared commands and convars. Events come in through its forwarder: give its config.json these values.`,
      { enablePushEventForwarding: true, pushEventForwardUrl: `http://127.0.0.1:${path}` },
    );
  }

  if (official.isRunning()) announce(true);
  official.onChange(announce);
}
