import { types } from 'node:util';
import { decodeList, encode, isFunctionReference } from '../msgpack.ts';
import type { RuntimeHost, ScriptRuntime } from '../types.ts';
import { translate } from './dialect/translate.ts';
import { fileOperations, type LuaFiles } from './files.ts';
import { createLuaState, type HostCall, type LuaEngineSource, type LuaState, messageOf, toText } from './lua-engine.ts';

export { type LuaEngineSource, loadLua } from './lua-engine.ts';

/** What differs between the server and a player's game. */
export interface LuaSide {
  /** Sends an event to the server; for a player's game, whose scripts do that instead of sending to players. */
  readonly emitToServer?: (name: string, payload: Uint8Array) => void;
  /** Without it no file is found. */
  readonly files?: LuaFiles;
}

/**
 * The Lua runtime of one resource. What a script finds there is in the files of `prelude/`; this file carries calls
 * from and to the host.
 *
 * `callRef` gives msgpack nil when the function threw (its error is printed here) or is gone, as FXServer's Lua does.
 * @throws Error when the prelude does not run.
 */
export function createLuaRuntime(
  source: LuaEngineSource,
  host: RuntimeHost,
  { emitToServer, files }: LuaSide = {},
): ScriptRuntime {
  // Lua drops references while it collects garbage; their owners must not be entered from there.
  const dropped: string[] = [];
  const handled = new Set<string>();
  const { name: resource, metadata } = host.resource;

  const print = (text: string): undefined => {
    for (const line of text.split('\n')) host.print(line);
  };
  const operations: Readonly<Record<string, (text: string, ...more: Uint8Array[]) => ReturnType<HostCall>>> = {
    print,
    describe: () => {
      const exported = metadata.get(emitToServer ? 'export' : 'server_export') ?? [];
      const { nativeNames: natives, missingNatives } = host;
      return encode({ name: resource, natives, missingNatives, exports: exported });
    },
    handles: (name) => void handled.add(name),
    emit: (name, payload = NOTHING) => (host.emitEvent(name, payload) ? 'passed' : undefined),
    emitNet: (name, target = NOTHING, payload = NOTHING, bytesPerSecond = NOTHING) => {
      const rate = bytesPerSecond.length > 0 ? [Number(toText(bytesPerSecond))] : [];
      host.emitNet(name, toText(target), payload, ...rate);
      return undefined;
    },
    emitToServer: (name, payload = NOTHING) => void emitToServer?.(name, payload),
    canonicalize: (id) => host.canonicalizeRef(Number(id)),
    duplicate: (ref) => host.duplicateRef(ref),
    drop: (ref) => void dropped.push(ref),
    invoke: (ref, payload = NOTHING) => {
      try {
        const result = host.invokeRef(ref, payload);
        return result.length === 0 ? undefined : result;
      } catch (error) {
        throw new Error(`Execution of function reference in script host failed: ${messageOf(error)}`);
      }
    },
    translate: (_, script = NOTHING) => translated(script),
    ...(files && fileOperations(files)),
    microseconds: () => String(Math.round(performance.now() * 1000)),
    getState: (bag, key = NOTHING) => host.stateBags.get(bag, toText(key)),
    setState: (bag, key = NOTHING, payload = NOTHING, replicated = NOTHING) => {
      const change = { bag, key: toText(key), payload, replicated: replicated.length > 0 };
      return host.stateBags.set(change) ? 'set' : undefined;
    },
    invoker: () => host.invokingResource() ?? undefined,
    native: (name, payload = NOTHING) => {
      try {
        return encode(nativeResult(host.invokeNative(name, ...decodeList(payload).flatMap(nativeArguments))));
      } catch (error) {
        throw new Error(`Execution of native ${name} in script host failed: ${messageOf(error)}`);
      }
    },
  };

  const state = createLuaState(source, emitToServer ? 'client' : 'server', (operation, first = NOTHING, ...more) => {
    const run = operations[operation];
    if (!run) throw new Error(`no host operation ${operation}`);
    return run(toText(first), ...more);
  });

  const releaseDropped = (): void => {
    while (source.depth === 0) {
      const ref = dropped.pop();
      if (ref === undefined) return;
      host.deleteRef(ref);
    }
  };

  const enter = (...call: Parameters<LuaState['enter']>): Uint8Array => {
    try {
      return state.enter(...call);
    } finally {
      releaseDropped();
    }
  };

  /** For entries whose caller is not to see the error: the console does. */
  const enterReporting = (...call: Parameters<LuaState['enter']>): Uint8Array | null => {
    try {
      return enter(...call);
    } catch (error) {
      host.print(`^1SCRIPT ERROR: ${messageOf(error)}^7`);
      return null;
    }
  };

  return {
    loadScript(file, script) {
      const chunk = file.startsWith('@') ? file : `@${resource}/${file}`;
      const failure = enterReporting('load', chunk, translated(script));
      if (failure === null) return false;
      if (failure.length === 0) return true;
      const [stage, message] = decodeList(failure);
      if (stage === 'parsing') print(`Error parsing script ${chunk} in resource ${resource}: ${message}`);
      return false;
    },
    handlesEvent: (name) => !state.closed && handled.has(name),
    triggerEvent(name, payload, from) {
      if (!state.closed) enterReporting('event', name, from, payload);
    },
    callRef: (ref, args) => enter('callRef', String(ref), args),
    duplicateRef: (ref) => Number(toText(enter('duplicateRef', String(ref)))),
    removeRef(ref) {
      if (!state.closed) enter('removeRef', String(ref));
    },
    tick(now) {
      if (state.closed) return;
      enterReporting('tick', String(now));
      releaseDropped();
    },
    pump: releaseDropped,
    dispose() {
      state.close();
      releaseDropped();
    },
    netSafeEvents: () => decodeList(enter('netSafeEvents')).map(String),
    countRefs: () => Number(toText(enter('countRefs'))),
  };
}

const NOTHING = new Uint8Array(0);

/** Translates a script in CfxLua, byte for byte, into Lua 5.4. */
function translated(script: Uint8Array | string): Uint8Array {
  return Buffer.from(translate(Buffer.from(script as string).toString('latin1')), 'latin1');
}

/** A value as arguments of a native: FXServer passes each part of a vector as an argument of its own. */
function nativeArguments(value: unknown): unknown[] {
  return types.isFloat32Array(value) ? [...value] : [nativeArgument(value)];
}

/** A value as a native takes it: a function as its reference, a vector inside a table as a list of numbers. */
function nativeArgument(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(nativeArgument);
  if (isFunctionReference(value)) return value.functionReference;
  if (types.isFloat32Array(value)) return [...value];
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, nativeArgument(each)]));
}

/** A result of a native, for Lua. `true` becomes 1, because natives of FXServer return `false` or a number. */
function nativeResult(value: unknown): unknown {
  if (value === true) return 1;
  return Array.isArray(value) ? value.map(nativeResult) : value;
}
