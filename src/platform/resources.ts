import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../lib/log.ts';
import { reasonOf } from '../lib/text.ts';
import type { GameEvents } from './events.ts';

/** This resource, as the game server knows it. */
export interface OwnResource {
  /** The folder's name, which is part of the address that the CAD calls. */
  readonly name: string;
  /** Three plain numbers, from the manifest. */
  readonly version: string;
  /** @returns the text of a file of this resource, or null when there is none */
  readFile(path: string): string | null;
  /** Whether there is such a file of this resource, even one that another program holds back. */
  hasFile(path: string): boolean;
  /** Writes a file of this resource that does not exist yet. @returns why that was refused, null when it was written */
  createFile(path: string, text: string): string | null;
}

export function readOwnResource(): OwnResource {
  const name = GetCurrentResourceName();
  const folder = GetResourcePath(name);
  return {
    name,
    version: (GetResourceMetadata(name, 'version', 0) as string | null) ?? '0.0.0',
    // The published typings promise a string; the native gives null for a file that is not there.
    readFile: (path) => LoadResourceFile(name, path) as string | null,
    hasFile: (path) => existsSync(join(folder, path)),
    createFile: (path, text) => createFile(join(folder, path), text),
  };
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

/** The other resources on this server. */
export interface OtherResources {
  isStarted(name: string): boolean;
  /** @throws when there is no such export, or it fails */
  callExport(resource: string, name: string, ...args: unknown[]): unknown;
  /** @returns the text of the file that a resource's manifest names under `key`; null when there is none */
  readNamedFile(resource: string, key: string): string | null;
}

export function createOtherResources(): OtherResources {
  return {
    isStarted: (name) => GetResourceState(name) === 'started',
    callExport(resource, name, ...args) {
      // The game server's proxy throws on a name that there is no export of; the typings do not know that.
      const exported = globalThis.exports[resource]?.[name];
      if (exported === undefined) throw new Error(`no export ${name} in ${resource}`);
      return exported(...args);
    },
    readNamedFile(resource, key) {
      // The published typings promise a string; the natives give null for what is not there.
      const path = GetResourceMetadata(resource, key, 0) as string | null;
      return path === null ? null : (LoadResourceFile(resource, path) as string | null);
    },
  };
}

/** The name that the official resource must have, and that other resources look for. */
const OFFICIAL_NAME = 'sonorancad';

/** The official resource, where this one runs beside it under another name. */
export interface OfficialResource {
  /** Whether another resource named `sonorancad` is starting or started. */
  isRunning(): boolean;
  /** Called after it has changed. */
  onChange(watcher: (isRunning: boolean) => void): void;
}

/** @param ownName the folder of this resource; where that is `sonorancad`, there is no other of that name */
export function createOfficialResource(ownName: string, events: Pick<GameEvents, 'on'>): OfficialResource {
  const watchers: ((isRunning: boolean) => void)[] = [];
  if (ownName === OFFICIAL_NAME) return { isRunning: () => false, onChange() {} };

  let running = hasStarted();
  const update = (isRunning: boolean) => {
    if (isRunning === running) return;
    running = isRunning;
    for (const watcher of watchers) watcher(isRunning);
  };
  events.on('onResourceStart', (name) => update(name === OFFICIAL_NAME || hasStarted()));
  // Its state is `started` until all handlers of this have run.
  events.on('onResourceStop', (name) => update(name !== OFFICIAL_NAME && hasStarted()));
  // Comes once that is over: one of the handlers may have stopped another resource meanwhile.
  events.on('onServerResourceStop', () => update(hasStarted()));

  return {
    isRunning: () => running,
    onChange: (watcher) => {
      watchers.push(watcher);
    },
  };
}

function hasStarted(): boolean {
  const state = GetResourceState(OFFICIAL_NAME);
  return state === 'starting' || state === 'started';
}

export interface AnnounceOfficialOptions {
  readonly official: OfficialResource;
  /** Where this resource receives events: the folder's name and the game port. */
  readonly own: { readonly resourceName: string; readonly port: number };
  /** Whether the official resource's events are triggered at this moment. */
  emitsLegacy(): boolean;
  readonly log: Log;
}

/** Says what is left to the official resource, now if it runs and whenever that changes. */
export function announceOfficial({ official, own, emitsLegacy, log }: AnnounceOfficialOptions): void {
  const path = `${own.port}/${own.resourceName}/event`;

  function announce(isRunning: boolean): void {
    if (!isRunning) {
      log.info(
        `The official resource has stopped: what was left to it is done here again. Events come in at http://<this server>:${path}.`,
      );
      return;
    }
    const legacy = emitsLegacy() ? '' : 'its own events, ';
    log.info(
      `The official resource runs beside this one, so that these are left to it: ${legacy}notifications, the WebSocket session, this server's entry in the CAD, shared commands and convars. Events come in through its forwarder: give its config.json these values.`,
      { enablePushEventForwarding: true, pushEventForwardUrl: `http://127.0.0.1:${path}` },
    );
  }

  if (official.isRunning()) announce(true);
  official.onChange(announce);
}
