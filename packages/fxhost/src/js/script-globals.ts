import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { accessDenied, type FileAccess, sandboxFiles } from './file-sandbox.ts';
import { builtinModule, type Liveness, liveFetch, liveModule, liveWebSocket } from './liveness.ts';
import type { NodeTimers } from './node-timers.ts';

/** Globals of Node 22 that FXServer's scripts have; the language's own come with the scope. */
const NODE_GLOBALS =
  `AbortController AbortSignal Blob BroadcastChannel Buffer ByteLengthQueuingStrategy CloseEvent CompressionStream
  CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DecompressionStream Event EventTarget File FormData
  Headers MessageChannel MessageEvent MessagePort Performance PerformanceEntry PerformanceMark PerformanceMeasure
  PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming ReadableByteStreamController ReadableStream
  ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableStreamDefaultController ReadableStreamDefaultReader Request
  Response SubtleCrypto TextDecoder TextDecoderStream TextEncoder TextEncoderStream TransformStream
  TransformStreamDefaultController URL URLSearchParams WritableStream WritableStreamDefaultController
  WritableStreamDefaultWriter atob btoa navigator performance structuredClone`.split(/\s+/);

/** Builtin libraries that are globals without being required. */
const LIBRARY_GLOBALS =
  'assert async_hooks child_process cluster crypto dgram diagnostics_channel dns domain events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder timers tls tty url util v8 vm wasi worker_threads zlib'.split(
    ' ',
  );

/** Modules whose every function is refused unless server.cfg allows it, with Node's name for the permission. */
const REFUSED: Readonly<
  Record<string, { readonly permission: string; readonly allow: 'child process' | 'worker' | null }>
> = {
  'node:child_process': { permission: 'ChildProcess', allow: 'child process' },
  'node:worker_threads': { permission: 'WorkerThreads', allow: 'worker' },
  'node:wasi': { permission: 'WASI', allow: null },
};

interface ScriptEnvironment {
  readonly folder: string;
  readonly fileAccess: FileAccess;
  readonly liveness: Liveness;
  readonly nodeTimers: NodeTimers;
  allows(what: 'child process' | 'worker'): boolean;
  print(text: string): void;
  /** `process.exit()` in a script. */
  exit(code: number): never;
  nextTick(callback: (...args: unknown[]) => void, ...args: unknown[]): void;
}

/** The modules and globals of Node as one resource has them. */
export function createScriptGlobals(environment: ScriptEnvironment) {
  const { liveness, nodeTimers, fileAccess } = environment;
  const scriptProcess = createProcess(environment);
  const modules = new Map<string, unknown>([
    ['node:timers', nodeTimers.timers],
    ['node:timers/promises', nodeTimers.promises],
    ['node:process', scriptProcess],
  ]);

  const make = (name: string): unknown => {
    if (name === 'node:fs' || name === 'node:fs/promises') return sandboxFiles(name, fileAccess);
    if (name === 'node:os') return { ...builtinModule(name), tmpdir: () => temporaryFolder(environment.folder) };
    const refused = REFUSED[name];
    if (refused && !(refused.allow && environment.allows(refused.allow))) return refuse(name, refused.permission);
    return liveModule(name, liveness) ?? builtinModule(name);
  };

  /** A builtin by name, with or without `node:`; undefined when there is none. */
  const builtin = (id: string): unknown => {
    if (builtinModule(id) === undefined) return undefined;
    const name = id.startsWith('node:') ? id : `node:${id}`;
    if (!modules.has(name)) modules.set(name, make(name));
    return modules.get(name);
  };

  return { process: scriptProcess, builtin };
}

/**
 * Defines what is only made when used: Node's own globals, builtin libraries, and `fetch` with a promise of the scope
 * itself.
 */
export function defineLazyGlobals(
  global: Record<string, unknown>,
  builtin: (name: string) => unknown,
  liveness: Liveness,
  promise: (start: (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => void) => Promise<unknown>,
): void {
  const own = globalThis as unknown as Record<string, unknown>;
  const define = (name: string, make: () => unknown) =>
    Object.defineProperty(global, name, {
      configurable: true,
      get: () => (global[name] = make()),
      set: (value) => Object.defineProperty(global, name, { value, writable: true, configurable: true }),
    });
  for (const name of NODE_GLOBALS) if (Object.hasOwn(own, name)) define(name, () => own[name]);
  for (const name of LIBRARY_GLOBALS) define(name, () => builtin(name));
  define('WebSocket', () => liveWebSocket(liveness));
  const fetch = liveFetch(liveness);
  global.fetch = (...args: Parameters<typeof fetch>) =>
    promise((resolve, reject) => fetch(...args).then(resolve, reject));
}

function refuse(name: string, permission: string): Record<string, unknown> {
  const module: Record<string, unknown> = { ...builtinModule(name) };
  for (const [key, value] of Object.entries(module)) {
    if (typeof value !== 'function') continue;
    module[key] = function refused() {
      throw accessDenied(permission, key);
    };
  }
  return module;
}

/** FXServer makes it when asked for, and deletes it as the resource stops. */
function temporaryFolder(folder: string): string {
  const path = join(folder, '.tmp');
  mkdirSync(path, { recursive: true });
  return path;
}

/** The `process` of a resource, which hears of its own end only. */
function createProcess(environment: ScriptEnvironment): EventEmitter {
  const events = new EventEmitter();
  const own: Record<string, unknown> = {
    cwd: () => environment.fileAccess.workingFolder,
    argv: ['FXServer'],
    execPath: 'FXServer',
    exit: environment.exit,
    nextTick: environment.nextTick,
    emitWarning: (warning: unknown) => environment.print(`(node) ${String(warning)}`),
  };
  const methods = events as unknown as Record<string, unknown>;
  for (const name of Object.getOwnPropertyNames(EventEmitter.prototype)) {
    const method = methods[name];
    if (typeof method === 'function' && name !== 'constructor') own[name] = method.bind(events);
  }
  return Object.assign(Object.create(process) as EventEmitter, own);
}
