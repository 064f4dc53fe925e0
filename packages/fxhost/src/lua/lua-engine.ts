import { readFile } from 'node:fs/promises';
import wasmoon from 'wasmoon';

/**
 * Nested entries into Lua, over all resources together. Lua's own limit (200 C calls) is reached at about 60 and the
 * WebAssembly stack some way behind that, so a loop of resources calling each other ends here, with a text.
 */
const MAX_DEPTH = 40;

const REGISTRY = -1_001_000;
const OK = 0;

/**
 * The Lua files that stand for FXServer's own, in the order they are run; one for the server or the client comes last.
 */
const COMMON = [
  ...['json', 'msgpack', 'sandbox', 'vectors', 'matrices', 'language', 'msgpack-library', 'promise', 'scheduler'],
  ...['references', 'events', 'exports', 'natives', 'citizen', 'state-bags'],
];
const PRELUDES = {
  server: [...COMMON, 'files', 'server'],
  client: [...COMMON, 'client'],
  manifest: ['json', 'msgpack', 'manifest'],
} as const;

/** The WebAssembly module with Lua in it, shared by all resources, and the Lua files that states start with. */
export type LuaEngineSource = Awaited<ReturnType<typeof loadLua>>;

let loading: ReturnType<typeof load> | undefined;

/** Loads Lua and its prelude, once for all resources and servers of this process. */
export function loadLua() {
  loading ??= load();
  return loading;
}

async function load() {
  const wasm = await new wasmoon.LuaFactory().getLuaModule();
  const names = [...new Set(Object.values(PRELUDES).flat())];
  const read = async (name: string) =>
    [name, await readFile(new URL(`./prelude/${name}.lua`, import.meta.url), 'utf8')] as const;
  const prelude = new Map(await Promise.all(names.map(read)));
  // Where the module puts the length of a string, and how many calls into Lua are running inside one another.
  return { wasm, prelude, lengthAt: wasm.module._malloc(4), depth: 0 };
}

/** Answers a call from Lua, with nil for undefined; what is thrown becomes a Lua error with its message. */
export type HostCall = (operation: string, ...strings: Uint8Array[]) => Uint8Array | string | undefined;

export type LuaState = ReturnType<typeof createLuaState>;

/**
 * One Lua state, below wasmoon's engine class: its calls cut strings at NUL, drop results, leave stack slots behind
 * after an error, and overrun a thread's stack when nested some 20 deep. Only strings go in and out, byte for byte.
 *
 * The prelude files share one table, handed to each as its argument; `shared.dispatch` is what `enter` calls and
 * `shared.rawhost` calls the host.
 *
 * @throws Error when the prelude does not run.
 */
export function createLuaState(source: LuaEngineSource, prelude: keyof typeof PRELUDES, hostCall: HostCall) {
  const { wasm, lengthAt } = source;
  const { module } = wasm;
  const main = wasm.luaL_newstate();
  /** The thread that runs now: a call in from a host function belongs on the thread that called out. */
  let current = main;
  let running = 0;
  let closed = false;
  let closing = false;

  /** A copy of the bytes of a string or number; none for what is neither. */
  const stringAt = (thread: number, index: number): Uint8Array => {
    const types: ['number', 'number', 'number'] = ['number', 'number', 'number'];
    const start = module.ccall('lua_tolstring', 'number', types, [thread, index, lengthAt]);
    // The memory moves as it grows: it is looked up anew each time.
    const length = start === 0 ? 0 : module.getValue(lengthAt, 'i32');
    return new Uint8Array(module.HEAPU8.subarray(start, start + length));
  };
  const push = (thread: number, string: Uint8Array | string) => {
    const bytes = typeof string === 'string' ? Buffer.from(string) : string;
    const at = module._malloc(bytes.length + 1);
    module.HEAPU8.set(bytes, at);
    module.ccall('lua_pushlstring', 'number', ['number', 'number', 'number'], [thread, at, bytes.length]);
    module._free(at);
  };
  /** Gives Lua whether it went well, and the answer or what went wrong. */
  const callHost = (thread: number): number => {
    const outer = current;
    current = thread;
    let done = true;
    let answer: Uint8Array | string | undefined;
    try {
      const [operation = '', ...strings] = Array.from({ length: wasm.lua_gettop(thread) }, (_, index) =>
        stringAt(thread, index + 1),
      );
      answer = hostCall(toText(operation), ...strings);
    } catch (error) {
      done = false;
      answer = messageOf(error);
    } finally {
      current = outer;
    }
    wasm.lua_pushboolean(thread, done ? 1 : 0);
    if (answer === undefined) wasm.lua_pushnil(thread);
    else push(thread, answer);
    return 2;
  };
  const hostFunction = module.addFunction(callHost, 'ii');
  const closeNow = () => {
    closed = true;
    wasm.lua_close(main);
    module.removeFunction(hostFunction);
  };

  wasm.luaL_openlibs(main);
  wasm.lua_createtable(main, 0, 8);
  wasm.lua_pushcclosure(main, hostFunction, 0);
  wasm.lua_setfield(main, -2, 'rawhost');
  for (const name of PRELUDES[prelude]) {
    const lua = source.prelude.get(name) ?? '';
    let status = wasm.luaL_loadbufferx(main, lua, Buffer.byteLength(lua), `@citizen:/lua/${name}.lua`, 't');
    if (status === OK) {
      wasm.lua_pushvalue(main, -2);
      status = wasm.lua_pcallk(main, 1, 0, 0, 0, null);
    }
    if (status !== OK) {
      const message = toText(stringAt(main, -1));
      closeNow();
      throw new Error(`Lua prelude ${name}: ${message}`);
    }
  }
  wasm.lua_getfield(main, -1, 'dispatch');
  const dispatch = BigInt(wasm.luaL_ref(main, REGISTRY));
  wasm.lua_settop(main, 0);

  return {
    get closed(): boolean {
      return closed || closing;
    },
    /**
     * Calls an entry of the prelude.
     * @throws Error when calls are nested too deep, or Lua itself gave up (out of memory or stack).
     */
    enter(entry: string, ...strings: readonly (Uint8Array | string)[]): Uint8Array {
      if (closed) throw new Error('the Lua state is closed');
      if (source.depth >= MAX_DEPTH) throw new Error(`calls into Lua nested more than ${MAX_DEPTH} deep`);
      const thread = current;
      if (!wasm.lua_checkstack(thread, 8)) throw new Error('Lua stack overflow');
      source.depth++;
      running++;
      try {
        wasm.lua_rawgeti(thread, REGISTRY, dispatch);
        for (const string of [entry, ...strings]) push(thread, string);
        const status = wasm.lua_pcallk(thread, 1 + strings.length, 1, 0, 0, null);
        const result = stringAt(thread, -1);
        wasm.lua_settop(thread, -2);
        if (status !== OK) throw new Error(toText(result));
        return result;
      } finally {
        source.depth--;
        running--;
        current = thread;
        if (closing && running === 0) closeNow();
      }
    },
    /** Closes the state, or marks it to be closed when the call that is running in it returns. */
    close(): void {
      if (closed || closing) return;
      closing = true;
      if (running === 0) closeNow();
    },
  };
}

/** Text of a string of Lua. Bytes that are no UTF-8 become U+FFFD. */
export function toText(string: Uint8Array | string): string {
  return Buffer.from(string as Uint8Array).toString('utf8');
}

/** The message of anything thrown, also of an Error of another context, where `instanceof` fails. */
export function messageOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) return String(thrown.message);
  return String(thrown);
}
