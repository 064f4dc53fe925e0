import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../lib/log.ts';
import { reasonOf } from '../lib/text.ts';
import type { GameEvents } from './events.ts';

/** This resource: its name, its version and the files of its folder. */
export class OwnResource {
  /** The folder's name. It is part of the address that the CAD calls. */
  readonly name = GetCurrentResourceName();
  /** The version in the manifest: three numbers, such as `5.0.0`. */
  readonly version = (GetResourceMetadata(this.name, 'version', 0) as string | null) ?? '0.0.0';
  readonly #folder = GetResourcePath(this.name);

  /** Reads a file of this resource. Returns null when the file is missing or cannot be read. */
  readFile(path: string): string | null {
    // The published typings promise a string.
    return LoadResourceFile(this.name, path) as string | null;
  }

  /** Returns whether a file of this resource exists, even when another program locks the file. */
  hasFile(path: string): boolean {
    return existsSync(join(this.#folder, path));
  }

  /**
   * Creates a file of this resource. An existing file stays as it is.
   *
   * @returns null on success, else the reason, such as `EEXIST` or `EROFS`
   */
  createFile(path: string, text: string): string | null {
    return createFile(join(this.#folder, path), text);
  }

  /** Loads the bundled NATS client. @throws when loading fails; the message names the file and the cause */
  requireNats(): unknown {
    return loadModule('resource/nats.cjs', () => require('./resource/nats.cjs'));
  }

  /** Loads the bundled Prometheus client. @throws when loading fails; the message names the file and the cause */
  requirePrometheus(): unknown {
    return loadModule('resource/prometheus.cjs', () => require('./resource/prometheus.cjs'));
  }
}

/** @param load calls `require` with a literal path, so that the bundler sees the path */
function loadModule(file: string, load: () => unknown): unknown {
  try {
    return load();
  } catch (error) {
    // Node adds advice for the module's author after the first line.
    const [cause = ''] = reasonOf(error).split('\n');
    throw new Error(`${file} could not be loaded: ${cause}`);
  }
}

/** Uses node:fs because the native `SaveResourceFile` would overwrite an existing file. */
function createFile(path: string, text: string): string | null {
  try {
    const file = openSync(path, 'wx');
    try {
      writeFileSync(file, text);
    } catch (error) {
      // The next start would read a half-written file.
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
  /** Calls an export of another resource. @throws when the export does not exist or fails */
  callExport(resource: string, name: string, ...args: unknown[]): unknown;
  /** Reads the file that a resource's manifest names under `key`. Returns null when there is none. */
  readNamedFile(resource: string, key: string): string | null;
}

/** The other resources on the running game server. */
export const otherResources: OtherResources = {
  isStarted: (name) => GetResourceState(name) === 'started',
  callExport(resource, name, ...args) {
    // The game server's proxy throws when the export does not exist; the published typings do not say so.
    const exported = globalThis.exports[resource]?.[name];
    if (exported === undefined) throw new Error(`no export ${name} in ${resource}`);
    return exported(...args);
  },
  readNamedFile(resource, key) {
    // The published typings promise strings; the natives return null for a missing entry or file.
    const path = GetResourceMetadata(resource, key, 0) as string | null;
    return path === null ? null : (LoadResourceFile(resource, path) as string | null);
  },
};

/** The folder name that the official resource requires for itself and that other resources look for. */
const OFFICIAL_NAME = 'sonorancad';

/** Knows whether the official resource runs beside this resource. */
export class OfficialResource {
  /** False when this resource itself has the official resource's name. */
  readonly #canExist: boolean;
  readonly #watchers: ((isRunning: boolean) => void)[] = [];
  #isRunning: boolean;

  /** @param ownName the folder name of this resource */
  constructor(ownName: string, events: Pick<GameEvents, 'on'>) {
    this.#canExist = ownName !== OFFICIAL_NAME;
    this.#isRunning = this.#canExist && isOfficialStarted();

    events.on('onResourceStart', (name) => this.#update(name === OFFICIAL_NAME || isOfficialStarted()));
    // FXServer keeps a resource's state at `started` until all handlers of its `onResourceStop` have returned.
    events.on('onResourceStop', (name) => this.#update(name !== OFFICIAL_NAME && isOfficialStarted()));
    // A handler of the official resource's `onResourceStop` may stop another resource, whose `onResourceStop` still sees
    // the state `started`. FXServer raises `onServerResourceStop` after the stop, so the state is right again.
    events.on('onServerResourceStop', () => this.#update(isOfficialStarted()));
  }

  /** Returns whether another resource named `sonorancad` is starting or started. */
  isRunning(): boolean {
    return this.#isRunning;
  }

  /** Calls back after each start and stop of the official resource. */
  onChange(watcher: (isRunning: boolean) => void): void {
    this.#watchers.push(watcher);
  }

  #update(isRunning: boolean): void {
    if (!this.#canExist || isRunning === this.#isRunning) return;
    this.#isRunning = isRunning;
    for (const watcher of this.#watchers) watcher(isRunning);
  }
}

function isOfficialStarted(): boolean {
  return ['starting', 'started'].includes(GetResourceState(OFFICIAL_NAME));
}

/**
 * Logs which tasks the official resource keeps while it runs beside this resource: now, and at each start and stop.
 *
 * @param own the address at which this resource receives events
 * @param emitsLegacy whether this resource triggers the official resource's events at the moment
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
        'The official resource has stopped. This resource takes over its tasks and receives events ' +
          `at http://<this server>:${path}.`,
      );
      return;
    }

    const forwarder = { enablePushEventForwarding: true, pushEventForwardUrl: `http://127.0.0.1:${path}` };
    if (emitsLegacy()) {
      log.info(
        'The official resource runs beside this resource and keeps these tasks: notifications, the WebSocket session, ' +
          "this server's entry in the CAD, shared commands and convars. Set these values in its config.json, so that " +
          'it forwards push events to this resource.',
        forwarder,
      );
      return;
    }
    log.info(
      'The official resource runs beside this resource and keeps these tasks: its own events, notifications, the ' +
        "WebSocket session, this server's entry in the CAD, shared commands and convars. Set these values in its " +
        'config.json, so that it forwards push events to this resource.',
      forwarder,
    );
  }

  if (official.isRunning()) announce(true);
  official.onChange(announce);
}
