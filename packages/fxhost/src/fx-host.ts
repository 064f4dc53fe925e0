/// <reference lib="esnext.disposable" preserve="true" />
import type { ClientOptions, ClientScope } from './client-scope.ts';
import type { ConnectedPlayer } from './connected-players.ts';
import type { ExportCall } from './export-calls.ts';
import type { DirectRequest, DirectResponse } from './http-handlers.ts';
import type { NativeSet } from './natives/create-natives.ts';
import type { Player } from './natives/players.ts';
import type { ResourceState } from './resource-lifecycle.ts';
import type { FailedScript } from './resource-runtimes.ts';

/** How a host is started. Every option may be left out. */
export interface HostOptions {
  /** Folders of resources to add, each under its folder's name, and to start in this order. */
  readonly resources?: readonly string[];
  /**
   * Natives by name, for those that fxhost lacks or that a test answers itself. They win over fxhost's own. A
   * `Float32Array` is a vector for scripts.
   */
  readonly natives?: Readonly<Record<string, (...args: unknown[]) => unknown>>;
  /** TCP port. The default, 0, takes a free one. */
  readonly port?: number;
  /** Address to listen on. The default is 127.0.0.1. */
  readonly bindHost?: string;
  /** The server's data folder, with `db/` and `cache/`. The default is a temporary folder that `close` deletes. */
  readonly root?: string;
  /** Folder that `exec` reads from. The default is `root`. */
  readonly configFolder?: string;
  /** Convars set before anything starts, as a server.cfg does. */
  readonly convars?: Readonly<Record<string, string>>;
  /** Gets every console line as it is printed. */
  readonly log?: (line: string) => void;
  /** Called once where FXServer would have crashed. Without it, `closed` and `close` reject. */
  readonly onFatal?: (error: Error) => void;
  /** Forgets KVP writes that were not flushed, as a power cut does. */
  readonly powerLoss?: boolean;
  /** Takes the peer's address from the request header `x-fxhost-peer: 198.51.100.7:5555`. */
  readonly trustPeerHeader?: boolean;
  /** Sees what the server does for scripts, step by step. */
  readonly watch?: WatchSteps;
  /** Stops the clock: ticks and event loop passes happen only through `tick` and `pump`. */
  readonly manualTicks?: boolean;
  /**
   * The game server to imitate: FXServer (`legacy`, the default), or the server of GTA V Enhanced. That one names its
   * version differently and gives the server id of a player who left to the next one. Run it on that server's Node,
   * which is 26.
   */
  readonly edition?: Edition;
  /** `FindKvp` finds no key, as in an early build of the newer server. */
  readonly findsNoKeys?: boolean;
}

/** Something that the server did for a script. A test can end the process in the middle of it. */
export type HostStep =
  | {
      readonly kind: 'native';
      readonly name: string;
      readonly args: readonly unknown[];
      /** false before the call, true after it */
      readonly done: boolean;
    }
  /** Every handler of a local event has run. */
  | { readonly kind: 'event'; readonly name: string }
  /** The last byte of an answer has been handed to the system. */
  | { readonly kind: 'answer' };

/** Called on the stack of what causes the step. */
export type WatchSteps = (step: HostStep) => void;

export type Edition = 'legacy' | 'enhanced';

/** A running stand-in for FXServer. */
export interface FxHost extends AsyncDisposable {
  readonly port: number;
  /** `http://<address>:<port>` as this machine reaches it, without a slash at the end. */
  readonly url: string;

  /** The last 10,000 console lines, each `[channel] text`, colour codes kept. */
  readonly lines: readonly string[];
  /** The console as one text, to print with a failing assertion. @param resource only what its scripts printed, bare */
  console(resource?: string): string;
  /** The last 10,000 calls of exports between resources, oldest first. */
  readonly exportCalls: readonly ExportCall[];
  /** Scripts that could not be parsed or threw while they loaded, at the latest start of each resource. */
  readonly failedScripts: readonly FailedScript[];

  /**
   * Makes a resource known, without starting it.
   *
   * @param dir its folder
   * @param name the folder's name unless given
   * @throws when the name is taken, or FXServer would refuse the manifest
   */
  addResource(dir: string, name?: string): void;
  /** @returns whether the resource runs afterwards */
  start(name: string): boolean;
  /** @returns whether the resource was stopped */
  stop(name: string): boolean;
  restart(name: string): boolean;
  /** Starts the resource, or restarts it when it runs. */
  ensure(name: string): boolean;
  /** Reads the manifests of all known resources again. */
  refresh(): void;
  resourceState(name: string): ResourceState | 'missing';
  /** Names of all known resources, in the order they were added. */
  resourceNames(): string[];

  /** Runs console text: several lines, and commands between `;`, are allowed. */
  execute(text: string): void;
  /** Connects a player. */
  addPlayer(player?: Partial<Player>): ConnectedPlayer;
  /** Runs a resource's client scripts for one player. */
  runClient(player: ConnectedPlayer, resource: string, options?: ClientOptions): ClientScope;

  /**
   * Triggers a local event in every resource. Scripts can call functions among the arguments.
   *
   * @returns false when cancelled
   */
  emit(event: string, ...args: unknown[]): boolean;
  /** Calls the listener for each local event of that name, after the resources' own handlers. */
  on(event: string, listener: (...args: unknown[]) => void): void;
  /** Names of the events that a resource accepts from clients, sorted. */
  netSafeEvents(resource: string): string[];
  /**
   * Calls an export of a running resource.
   *
   * @returns what it returns: a promise when it returns one, an array when Lua returns several values
   * @throws when there is no such export, or it throws
   */
  callExport(resource: string, name: string, ...args: unknown[]): unknown;
  setConvar(name: string, value: string): void;
  getConvar(name: string): string | undefined;
  /** Sends a request to the function that a resource gave to SetHttpHandler: the same boundary, but no socket. */
  request(resource: string, request: DirectRequest): Promise<DirectResponse>;
  /** The stores behind the natives: convars, commands, access control, players, entities, state bags, KVP. */
  readonly natives: NativeSet;
  /** Names of all natives that server scripts can call, those of the options among them. */
  readonly nativeNames: readonly string[];

  /** Runs game ticks of 50 ms. */
  tick(count?: number): void;
  /** Runs one pass of every runtime's event loop. */
  pump(): void;
  /** Counts the functions of a resource that others could still call, in all its runtimes. */
  countRefs(resource: string): number;
  /**
   * Hands an unhandled rejection to the resource that owns the promise, as FXServer does. For the process's
   * `unhandledRejection`.
   *
   * @returns false when the promise belongs to no resource
   */
  rejected(reason: unknown, promise: unknown): boolean;

  /** Resolves when the server has ended, rejects when FXServer would have crashed. */
  readonly closed: Promise<void>;
  /**
   * Ends the server as `quit` does: resources are not told. Rejects when FXServer would have crashed and `onFatal` is
   * not given.
   */
  close(): Promise<void>;
}
