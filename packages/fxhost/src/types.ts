import type { StateBags } from './state-bags.ts';

/**
 * The seams between the parts of the stand-in for FXServer. What each part must do is in its own file's header;
 * facts about the real server come from its source.
 */

/** A resource as its manifest describes it, whether it runs or not. */
export interface ResourceInfo {
  readonly name: string;
  /** Absolute folder on disk. */
  readonly path: string;
  readonly metadata: ResourceMetadata;
}

/**
 * What a manifest says, in its order. The keys are as FXServer stores them, with one trailing `s` stripped:
 * `server_script`, and `dependencie` for `dependencies`.
 */
export type ResourceMetadata = ReadonlyMap<string, readonly string[]>;

/** A script runtime of one resource. All values cross as msgpack, as they do in FXServer. */
export interface ScriptRuntime {
  /** Runs a script file; false when it could not be parsed or threw. */
  loadScript(file: string, source: string): boolean;
  /** Whether a script has registered for an event of this name: no other reaches the runtime. */
  handlesEvent(name: string): boolean;
  /** @param payload msgpack array of arguments. @param source '' local, `net:<id>`, `internal-net:<id>`. */
  triggerEvent(name: string, payload: Uint8Array, source: string): void;
  /** @returns msgpack array holding the return value(s). Throws a plain Error whose message is what the caller sees. */
  callRef(ref: number, args: Uint8Array): Uint8Array;
  duplicateRef(ref: number): number;
  removeRef(ref: number): void;
  /** One game tick: global timers, threads, queued reference releases. @param now milliseconds, monotonic. */
  tick(now: number): void;
  /** One pass of the runtime's event loop: drains microtasks as FXServer does (see README.md). */
  pump(): void;
  /** Names of the events this runtime accepts from clients. */
  netSafeEvents(): readonly string[];
  /** A promise of this runtime was rejected without a listener. @returns false when the promise is another's. */
  rejected?(reason: unknown, promise: unknown): boolean;
  /** How many functions of this runtime others could call. */
  countRefs(): number;
  /** @param because a stop lets scripts hear of their end, a quitting server does not. */
  dispose(because: 'stop' | 'quit'): void;
}

/** What the host offers to one runtime of one resource. */
export interface RuntimeHost {
  readonly resource: ResourceInfo;
  /** One console line (no newline), already prefixed by the runtime where FXServer's scripts do so. */
  print(text: string): void;
  /** Ends the run: FXServer itself would have crashed here. */
  fatal(message: string): never;
  /** @returns false when a handler cancelled the event */
  emitEvent(name: string, payload: Uint8Array): boolean;
  /** `target` is a player id or -1 for all. `bytesPerSecond` marks a latent event. */
  emitNet(name: string, target: string, payload: Uint8Array, bytesPerSecond?: number): void;
  canonicalizeRef(ref: number): string;
  invokeRef(ref: string, args: Uint8Array): Uint8Array;
  duplicateRef(ref: string): string;
  deleteRef(ref: string): void;
  /** Calls a native by its PascalCase name; plain values in and out, functions as reference strings. */
  invokeNative(name: string, ...args: unknown[]): unknown;
  /** The state bags that this side knows; values as msgpack. */
  readonly stateBags: Pick<StateBags, 'get' | 'set'>;
  /** Names of all natives the host has, for filling a global scope. */
  readonly nativeNames: readonly string[];
  /** Names of natives that FXServer has and the host has not: calling one of them throws. */
  readonly missingNatives: readonly string[];
  /** Who called into the script that runs now; null for net events, HTTP, timers and the console. */
  invokingResource(): string | null;
  /** Asks for a `pump` about a millisecond from now, for a runtime whose event loop something keeps alive. */
  requestPass(): void;
}

export type Native = (caller: RuntimeHost, ...args: unknown[]) => unknown;

/** One request on the game port, as the HTTP layer hands it to a resource. */
export interface HttpExchange {
  readonly method: string;
  /** With the resource's prefix stripped and the query kept, e.g. `/event?x=1`. */
  readonly path: string;
  /** Client's casing kept, first of equal names wins, bytewise order. */
  readonly headers: Readonly<Record<string, string>>;
  /** `1.2.3.4:5` or `[::1]:5`. */
  readonly address: string;
  /** At most once, with the whole body, and only as FXServer would (never without a body). May call back inside. */
  setDataHandler(handler: (body: Buffer) => void): void;
  /** Once, when the connection closes before the answer was sent. */
  setCancelHandler(handler: () => void): void;
  writeHead(status: number, headers: Readonly<Record<string, string | readonly string[]>>): void;
  write(data: Buffer): void;
  end(data?: Buffer): void;
}
