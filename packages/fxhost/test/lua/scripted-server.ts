import { createRequire } from 'node:module';
import { createLuaRuntime, loadLua } from '../../src/lua/lua-runtime.ts';
import { StateBags } from '../../src/state-bags.ts';
import type { RuntimeHost, ScriptRuntime } from '../../src/types.ts';

/** A function as the pretended JavaScript resource sees one of another resource. */
export type RemoteFunction = (...args: unknown[]) => unknown;

/** The part of msgpack-lite, which has no types, that is used here. */
interface MsgpackLite {
  createCodec(options: object): {
    encode: (encoder: { send(bytes: Uint8Array): void }, value: unknown) => void;
    addExtUnpacker(type: number, unpack: (bytes: Uint8Array) => unknown): void;
  };
  encode(value: unknown, options: object): Uint8Array;
  decode(bytes: Uint8Array, options: object): unknown;
}

const msgpack: MsgpackLite = createRequire(import.meta.url)('msgpack-lite');

type Natives = Record<string, (...args: unknown[]) => unknown>;

/** One Lua engine for all tests of a file, and servers made on it. */
const source = await loadLua();

/**
 * A server with Lua resources and one that speaks msgpack as FXServer's JavaScript does (msgpack-lite with its codec),
 * named `js`.
 */
export function createScriptedServer(natives: Natives = {}, manifestExports: readonly string[] = []) {
  const printed: string[] = [];
  const sent: { name: string; target: string; args: unknown; bytesPerSecond: number | undefined }[] = [];
  const resources = new Map<string, ScriptRuntime>();
  const jsHandlers = new Map<string, RemoteFunction>();
  const jsFunctions = new Map<number, { fn: RemoteFunction; holders: number }>();
  const cancelled = new Set<string>();
  const callers: string[] = [];
  const payloads = new Map<string, Uint8Array>();
  let nextFunction = 0;

  const codec = msgpack.createCodec({ uint8array: true, preset: false, binarraybuffer: true });
  // FXServer's copy of the library packs functions; this one would write nil before it asks any packer.
  const encodeValue = codec.encode;
  codec.encode = (encoder, value) => {
    if (typeof value !== 'function') return encodeValue(encoder, value);
    jsFunctions.set(nextFunction, { fn: value as RemoteFunction, holders: 0 });
    const ref = Buffer.from(`js:1:${nextFunction++}`);
    encoder.send(new Uint8Array([0xc7, ref.length, 10, ...ref]));
  };
  codec.addExtUnpacker(10, (bytes: Uint8Array) => {
    const ref = Buffer.from(bytes).toString();
    duplicateRef(ref);
    const call = (...args: unknown[]) => unpack(invokeRef('js', ref, pack(args)));
    return Object.assign(call, { release: () => deleteRef(ref) });
  });
  const pack = (value: unknown): Uint8Array => new Uint8Array(msgpack.encode(value, { codec }));
  const unpack = (bytes: Uint8Array): unknown => msgpack.decode(bytes, { codec });

  const ownerOf = (ref: string): [string, number] => {
    const [owner = '', , id = ''] = ref.split(':');
    return [owner, Number(id)];
  };
  const luaOwner = (owner: string): ScriptRuntime => {
    const runtime = resources.get(owner);
    if (!runtime) throw new Error(`${owner} isn't started`);
    return runtime;
  };
  const calling = <T>(caller: string, run: () => T): T => {
    callers.push(caller);
    try {
      return run();
    } finally {
      callers.pop();
    }
  };
  const emitFrom = (caller: string, name: string, payload: Uint8Array): void =>
    calling(caller, () => {
      for (const runtime of resources.values()) runtime.triggerEvent(name, payload, '');
      jsHandlers.get(name)?.(...(unpack(payload) as unknown[]));
    });
  const invokeRef = (caller: string, ref: string, args: Uint8Array): Uint8Array =>
    calling(caller, () => {
      const [owner, id] = ownerOf(ref);
      if (owner !== 'js') return luaOwner(owner).callRef(id, args);
      return pack([jsFunctions.get(id)?.fn(...(unpack(args) as unknown[]))]);
    });
  const duplicateRef = (ref: string): string => {
    const [owner, id] = ownerOf(ref);
    const held = jsFunctions.get(id);
    if (owner === 'js' && held) held.holders++;
    else luaOwner(owner).duplicateRef(id);
    return ref;
  };
  const deleteRef = (ref: string): void => {
    const [owner, id] = ownerOf(ref);
    if (owner !== 'js') resources.get(owner)?.removeRef(id);
    const held = owner === 'js' && jsFunctions.get(id);
    if (held && --held.holders <= 0) jsFunctions.delete(id);
  };

  const stateBags = new StateBags({ exists: (bag) => bag !== 'player:404', replicate: () => {} });
  const hostOf = (name: string): RuntimeHost => ({
    resource: {
      name,
      path: `/resources/${name}`,
      metadata: new Map([['server_export', manifestExports]]),
    },
    print: (text) => printed.push(`${name}: ${text}`),
    fatal: (message) => {
      throw new Error(message);
    },
    emitEvent: (event, payload) => {
      payloads.set(event, payload);
      emitFrom(name, event, payload);
      return !cancelled.has(event);
    },
    emitNet: (event, target, payload, bytesPerSecond) =>
      sent.push({ name: event, target, args: unpack(payload), bytesPerSecond }),
    canonicalizeRef: (ref) => `${name}:1:${ref}`,
    invokeRef: (ref, args) => invokeRef(name, ref, args),
    duplicateRef,
    deleteRef,
    invokeNative: (native, ...args) => {
      const run = natives[native];
      if (!run) throw new Error(`no native ${native}`);
      return run(...args);
    },
    stateBags,
    nativeNames: Object.keys(natives),
    missingNatives: [],
    invokingResource: () => callers.at(-1) ?? null,
    requestPass: () => undefined,
  });

  return {
    stateBags,
    /** Events that count as cancelled. */
    cancelled,
    printed,
    sent,
    pack,
    /** What Lua emitted last under each name, as it crossed. */
    payloads,
    jsFunctions,
    /** Starts a Lua resource, or runs one more script in it. */
    run(name: string, script: string): boolean {
      const runtime = resources.get(name) ?? createLuaRuntime(source, hostOf(name));
      resources.set(name, runtime);
      return runtime.loadScript('server.lua', script);
    },
    stop(name: string): void {
      resources.get(name)?.dispose('stop');
      resources.delete(name);
    },
    runtime: luaOwner,
    /** Emits as the JavaScript resource, or from a client when `from` says so. */
    emit(name: string, ...args: unknown[]): void {
      emitFrom('js', name, pack(args));
    },
    emitFrom(from: string, name: string, ...args: unknown[]): void {
      for (const runtime of resources.values()) runtime.triggerEvent(name, pack(args), from);
    },
    on(name: string, handler: RemoteFunction): void {
      jsHandlers.set(name, handler);
    },
    /** An export as JavaScript gets it: calling it gives the packed list of results. */
    exportOf(resource: string, name: string): RemoteFunction & { release(): void } {
      let found: unknown;
      this.emit(`__cfx_export_${resource}_${name}`, (fn: unknown) => {
        found = fn;
      });
      return found as RemoteFunction & { release(): void };
    },
    tick(now: number): void {
      for (const runtime of resources.values()) runtime.tick(now);
    },
  };
}
