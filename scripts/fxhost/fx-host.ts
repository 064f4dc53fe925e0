import type { ClientOptions, ClientScope } from './client-scope.ts';
import type { ConnectedPlayer } from './connected-players.ts';
import type { WatchSteps } from './host-steps.ts';
import type { DirectRequest, DirectResponse } from './http-handlers.ts';
import type { NativeSet } from './natives/create-natives.ts';
import type { Player } from './natives/players.ts';
import type { ResourceState } from './resource-lifecycle.ts';

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
}

/** A running stand-in for FXServer. */
export interface FxHost {
  readonly port: number;
  /** `http://<address>:<port>` as this machine reaches it, no slash at the end. */
  readonly url: string;
  /** The last 10,000 console lines, each `[channel] text`. */
  readonly lines: readonly string[];
  /** Natives' stores: convars, commands, accessControl, permissions, players, kvp. */
  readonly natives: NativeSet;
  /**
   * Makes a resource known. @param dir its folder. @param name the folder's name unless given.
   * @throws when the name is taken, or the manifest would be refused.
   */
  addResource(dir: string, name?: string): void;
  /** @returns whether it runs afterwards. */
  start(name: string): boolean;
  /** @returns whether it was stopped. */
  stop(name: string): boolean;
  restart(name: string): boolean;
  ensure(name: string): boolean;
  /** Reads the manifests of all known resources again. */
  refresh(): void;
  resourceState(name: string): ResourceState | 'missing';
  /** In the order they were added. */
  resourceNames(): string[];
  /** Runs console text. */
  execute(commandLine: string): void;
  addPlayer(player?: Partial<Player>): ConnectedPlayer;
  /** Runs a resource's client scripts for one player. */
  runClient(player: ConnectedPlayer, resource: string, options?: ClientOptions): ClientScope;
  /** Local event to every resource. Functions in the arguments are callable by scripts. @returns false when cancelled. */
  emit(name: string, ...args: unknown[]): boolean;
  /** Names of the events a resource accepts from clients, sorted. */
  netSafeEvents(resource: string): string[];
  /** @returns what the export gives; a promise when it gives one. @throws when there is no such export, or it throws. */
  callExport(resource: string, name: string, ...args: unknown[]): unknown;
  setConvar(name: string, value: string): void;
  getConvar(name: string): string | undefined;
  /** Calls the function a resource gave to SetHttpHandler, past the sockets but through the same boundary. */
  request(resource: string, request: DirectRequest): Promise<DirectResponse>;
  /** Game ticks of 50 ms. */
  tick(count?: number): void;
  /** One pass of every runtime's event loop. */
  pump(): void;
  /** Functions of a resource that others could still call, of all its runtimes. */
  countRefs(resource: string): number;
  /**
   * For the process's `unhandledRejection`: hands it to the resource whose promise it is, as FXServer does.
   * @returns false when it is no resource's.
   */
  rejected(reason: unknown, promise: unknown): boolean;
  /** Resolves when the server has ended, rejects when it would have crashed. */
  readonly closed: Promise<void>;
  /** Ends the server as `quit` does: no resource hears of it. Rejects when it would have crashed and nobody was told. */
  close(): Promise<void>;
}
