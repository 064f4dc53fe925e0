import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import vm from 'node:vm';
import type { RuntimeHost, ScriptRuntime } from '../types.ts';

/** The functions of a scope that the host calls, see prelude.js. */
interface Platform
  extends Pick<ScriptRuntime, 'callRef' | 'duplicateRef' | 'removeRef' | 'countRefs' | 'handlesEvent' | 'triggerEvent'>,
    Pick<ScriptRuntime, 'netSafeEvents' | 'tick'> {
  /** Calls back and prints what it throws as uncaught. */
  guard(callback: (...args: unknown[]) => void, args: readonly unknown[]): void;
  promise(start: (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => void): Promise<unknown>;
  isOwnPromise(value: unknown): boolean;
  nextTick(callback: (...args: unknown[]) => void, ...args: unknown[]): void;
  runNextTicks(): void;
  hasNextTicks(): boolean;
}

/**
 * The engine's own byte classes: there is one of each in FXServer, so a Buffer has to be an `instanceof Uint8Array`.
 */
const BYTE_CLASSES = Object.fromEntries(
  `ArrayBuffer BigInt64Array BigUint64Array DataView Float32Array Float64Array Int16Array Int32Array Int8Array
  SharedArrayBuffer Uint16Array Uint32Array Uint8Array Uint8ClampedArray`
    .split(/\s+/)
    .map((name) => [name, (globalThis as unknown as Record<string, unknown>)[name]]),
);

const compiled = (name: string, source: string) =>
  new vm.Script(source, { filename: `citizen:/scripting/v8/${name}.js` });
const platformFile = (name: string) => compiled(name, readFileSync(join(import.meta.dirname, `${name}.js`), 'utf8'));

const PARTS = ['Console', 'Timers', 'References', 'Events', 'Natives', 'Exports'].map(
  (name) => [`install${name}`, platformFile(name.toLowerCase())] as const,
);
const PRELUDE = platformFile('prelude');
const msgpackLite = readFileSync(createRequire(import.meta.url).resolve('msgpack-lite/dist/msgpack.min.js'), 'utf8');
const MSGPACK = compiled(
  'msgpack',
  `(function () { const module = { exports: {} }; (function (exports, define) { ${msgpackLite}\n})(module.exports); return module.exports; })`,
);

const nothing = new vm.Script('0');
/** Evaluating it drains the microtasks. What it costs comes mostly from being ready to show an error. */
const CANNOT_FAIL = { displayErrors: false };

/**
 * One isolated global scope with FXServer's script platform in it.
 * @param services see {@link platformServices}: scripts see none of it directly
 * @param prepare defines what is there before the platform's own scripts run, which take `Buffer` where there is one
 */
export function createScope(services: object, prepare: (global: Record<string, unknown>) => void = () => {}) {
  // An ordinary global: one with interceptors makes each crossing ten times slower than FXServer's.
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY, { microtaskMode: 'afterEvaluate' });
  const global = context as Record<string, unknown>;
  for (const [name, value] of Object.entries({ ...BYTE_CLASSES, global })) {
    Object.defineProperty(global, name, { value, writable: true, configurable: true, enumerable: false });
  }
  prepare(global);
  const run = (code: vm.Script) => code.runInContext(context) as (...args: unknown[]) => unknown;
  const parts = Object.fromEntries(PARTS.map(([name, script]) => [name, run(script)]));
  const platform = run(PRELUDE)(global, services, { ...parts, msgpack: run(MSGPACK)() }) as Platform;

  return {
    context,
    global,
    platform,
    /** Runs microtasks and next ticks until there are none. */
    drain(): void {
      do {
        platform.runNextTicks();
        nothing.runInContext(context, CANNOT_FAIL);
      } while (platform.hasNextTicks());
    },
    /** Runs a classic script; throws what it throws, a SyntaxError when it cannot be parsed. */
    run(source: string, filename: string): void {
      const { code, isFunction } = classicScript(source, filename);
      const value = code.runInContext(context);
      if (isFunction) value();
    },
  };
}

export type Scope = ReturnType<typeof createScope>;

/** Scripts of resources as they were compiled, by their text: tests start the same bundle many times. */
const classicScripts = new Map<string, { readonly filename: string; readonly code: vm.Script; isFunction: boolean }>();
const MAX_CLASSIC_SCRIPTS = 20;

/**
 * Evaluating a script drains the microtasks it queued, which FXServer leaves for later; calling a function does not.
 * For a bundle that is one function expression (esbuild's `iife`) both mean the same, so that is how it is run; other
 * files go on after their first top-level `await` call at once, sooner than in FXServer.
 */
function classicScript(source: string, filename: string): { readonly code: vm.Script; readonly isFunction: boolean } {
  const known = classicScripts.get(source);
  if (known?.filename === filename) return known;
  const isFunction = isOneFunction(source);
  const code = isFunction
    ? new vm.Script(`${WRAPPER}${source}\n})`, { filename, columnOffset: -WRAPPER.length })
    : new vm.Script(source, { filename });
  const made = { filename, code, isFunction };
  if (classicScripts.size >= MAX_CLASSIC_SCRIPTS) classicScripts.clear();
  classicScripts.set(source, made);
  return made;
}

const WRAPPER = '(function () {';

function isOneFunction(source: string): boolean {
  const code = source.replace(/^(?:\s+|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/|"use strict";|'use strict';)*/, '');
  const begins = /^\((?:async )?(?:\(\) ?=> ?\{|function ?\(\) ?\{)/.test(code);
  // Not one pattern over all of it: that takes 15 ms for a bundle of 1.6 MB.
  const isOver = /^\}\)\(\);?\s*(?:\/\/[^\n]*\s*)*$/.test(code.slice(code.lastIndexOf('})()')));
  return begins && isOver && code.indexOf('\n})()') === code.lastIndexOf('\n})()');
}

/** What is the same for all resources of a server, or of a player's game. */
export interface PlatformState {
  now(): number;
  resourceState(name: string): string;
}

/**
 * What the script platform gets from the host of its runtime.
 *
 * @param emitToServer sends an event to the server; given for a player's game, whose scripts do that instead of sending
 *   to players
 */
export function platformServices(
  host: RuntimeHost,
  { now, resourceState }: PlatformState,
  emitToServer?: (name: string, payload: Uint8Array) => void,
) {
  const { name, metadata } = host.resource;
  return {
    ...host,
    isServer: emitToServer === undefined,
    resourceName: name,
    now,
    native: (native: string, args: readonly unknown[]) => host.invokeNative(native, ...args),
    emitNet(event: string, target: unknown, payload: Uint8Array, bytesPerSecond?: number): void {
      // The native takes its target as text, and these as no text at all.
      if (target === 0 || target === null || target === undefined || target === false) {
        throw new Error(`native TriggerClientEventInternal: Argument at index 1 was null.`);
      }
      host.emitNet(event, String(target), payload, bytesPerSecond);
    },
    emitToServer,
    resourceState,
    manifestExports: () => metadata.get(emitToServer ? 'export' : 'server_export') ?? [],
    /** Bytes of a reference's name, and back. */
    utf8: (text: string) => new Uint8Array(Buffer.from(text)),
    text: (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(),
  };
}
