import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNatives, type NativeSet } from '../../src/natives/create-natives.ts';
import { caller, resource } from './caller.ts';

/** All natives of a server with the resources `cad`, which calls them, and `other`. */
export interface SetUpNatives {
  /** The server's folder, in which `cad` has its own. */
  readonly folder: string;
  readonly set: NativeSet;
  /** Console lines. */
  readonly printed: readonly string[];
  /** Calls of function references: the reference, then the arguments. */
  readonly called: readonly unknown[][];
  /** What natives left to the host. */
  readonly log: readonly unknown[][];
  /** Events that a handler cancels. */
  readonly cancelled: Set<string>;
  /** Calls a native as `cad`. */
  invoke(name: string, ...args: unknown[]): unknown;
  close(): void;
}

export function setUpNatives(): SetUpNatives {
  const folder = mkdtempSync(join(tmpdir(), 'natives-'));
  const printed: string[] = [];
  const called: unknown[][] = [];
  const log: unknown[][] = [];
  const cancelled = new Set<string>();
  mkdirSync(join(folder, 'cad'));
  const metadata = new Map([['author', ['Jo']]]);
  const resources = [
    { ...resource('cad', join(folder, 'cad')), metadata, state: 'started' },
    { ...resource('other', join(folder, 'cad', '..', 'other')), state: 'started' },
  ];
  const set = createNatives({
    resources: new Map(resources.map((known) => [known.name, known])),
    runtime: {
      start: (name) => log.push(['start', name]) > 0,
      stop: (name) => log.push(['stop', name]) > 0,
      cancelEvent: () => log.push(['cancel']),
      wasEventCanceled: () => true,
      scheduleTick: (name) => log.push(['tick', name]),
      gameTimer: () => 1234.5,
    },
    kvp: { folder: join(folder, 'db') },
    configFolder: folder,
    callRef: (ref, args) => called.push([ref, ...args]),
    print: (text) => printed.push(text),
    fatal: (message) => {
      throw new Error(message);
    },
    replicateState: (change) => log.push(['replicated', change.bag, change.key]),
    emit: (event, args, when, ...source) => {
      log.push(['emitted', event, ...args, when, ...source]);
      return !cancelled.has(event);
    },
    playerDropped: (player, reason) => log.push(['dropped', player.id, reason]),
  });
  const cad = caller('cad', {
    resource: resource('cad', join(folder, 'cad')),
    duplicateRef: (ref) => `${ref}+`,
    deleteRef: (ref) => log.push(['deleted', ref]),
  });
  return {
    folder,
    set,
    printed,
    called,
    log,
    cancelled,
    invoke: (name, ...args) => set.natives[name]?.(cad, ...args) ?? null,
    close() {
      set.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
