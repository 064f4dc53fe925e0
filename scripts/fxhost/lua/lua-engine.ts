import { readFile } from 'node:fs/promises';
import wasmoon from 'wasmoon';
import { textToWire } from './wire-text.ts';

/**
 * Nested entries into Lua, over all resources together. Lua's own limit (200 C calls) is reached at about 60 and the
 * WebAssembly stack some way behind that, so a loop of resources calling each other ends here, with a text.
 */
const MAX_DEPTH = 40;

const REGISTRY = -1_001_000;
const OK = 0;

/** The Lua files that stand for FXServer's own, in the order they are run; one for the server or the client comes last. */
const COMMON_PRELUDE = [
  'json',
  'wire',
  'sandbox',
  'promise',
  'scheduler',
  'references',
  'events',
  'exports',
  'natives',
];
const MANIFEST_PRELUDE = ['json', 'wire', 'manifest'];

type LuaWasm = Awaited<ReturnType<InstanceType<typeof wasmoon.LuaFactory>['getLuaModule']>>;

/** One prelude file. */
export interface PreludeFile {
  readonly name: string;
  readonly source: string;
}

/** The WebAssembly module with Lua in it, shared by all resources, and the Lua files every state starts with. */
export interface LuaEngineSource {
  readonly wasm: LuaWasm;
  readonly serverPrelude: readonly PreludeFile[];
  readonly clientPrelude: readonly PreludeFile[];
  readonly manifestPrelude: readonly PreludeFile[];
  /** How many calls into Lua are running inside one another. */
  depth: number;
}

/** Answers a call from Lua. Both texts are ASCII; what is thrown becomes a Lua error with its message. */
export type HostCall = (operation: string, text: string) => string;

/** One Lua state. Only ASCII text goes in and out. */
export interface LuaState {
  /**
   * Calls the function that the prelude returned.
   * @throws Error when calls are nested too deep, or Lua itself gave up (out of memory or stack).
   */
  enter(entry: string, text: string): string;
  /** Closes the state, or marks it to be closed when the call that is running in it returns. */
  close(): void;
  readonly closed: boolean;
}

/** Loads Lua and its prelude, once for all resources. */
export async function loadLua(): Promise<LuaEngineSource> {
  const wasm = await new wasmoon.LuaFactory().getLuaModule();
  const read = async (name: string): Promise<PreludeFile> => ({
    name,
    source: await readFile(new URL(`./prelude/${name}.lua`, import.meta.url), 'utf8'),
  });
  const common = await Promise.all(COMMON_PRELUDE.map(read));
  return {
    wasm,
    serverPrelude: [...common, await read('server')],
    clientPrelude: [...common, await read('client')],
    manifestPrelude: await Promise.all(MANIFEST_PRELUDE.map(read)),
    depth: 0,
  };
}

/**
 * Makes a Lua state, below wasmoon's engine class: its calls cut strings at NUL, drop results, leave stack slots behind
 * after an error, and overrun a thread's stack when nested some 20 deep.
 *
 * The prelude files share one table, handed to each as its argument; `shared.dispatch` is what `enter` calls and
 * `shared.host` calls `hostCall`.
 * @throws Error when the prelude does not run.
 */
export function createLuaState(source: LuaEngineSource, prelude: readonly PreludeFile[], hostCall: HostCall): LuaState {
  const { wasm } = source;
  const main = wasm.luaL_newstate();
  // The thread that runs now: a call in from a host function belongs on the thread that called out.
  let current = main;
  let running = 0;
  let closed = false;
  let closing = false;

  const textAt = (thread: number): string => {
    const text = wasm.lua_tolstring(thread, -1, null);
    wasm.lua_settop(thread, -2);
    return text;
  };

  const hostFunction = wasm.module.addFunction((thread: number) => {
    const outer = current;
    current = thread;
    let answer: string;
    try {
      answer = `=${hostCall(wasm.lua_tolstring(thread, 1, null), wasm.lua_tolstring(thread, 2, null))}`;
    } catch (error) {
      answer = `!${textToWire(messageOf(error))}`;
    } finally {
      current = outer;
    }
    wasm.lua_pushstring(thread, answer);
    return 1;
  }, 'ii');

  const closeNow = (): void => {
    closed = true;
    wasm.lua_close(main);
    wasm.module.removeFunction(hostFunction);
  };

  wasm.luaL_openlibs(main);
  wasm.lua_createtable(main, 0, 8);
  wasm.lua_pushcclosure(main, hostFunction, 0);
  wasm.lua_setfield(main, -2, 'rawhost');
  for (const file of prelude) {
    const { name, source: lua } = file;
    let status = wasm.luaL_loadbufferx(main, lua, Buffer.byteLength(lua), `@citizen:/lua/${name}.lua`, 't');
    if (status === OK) {
      wasm.lua_pushvalue(main, -2);
      status = wasm.lua_pcallk(main, 1, 0, 0, 0, null);
    }
    if (status !== OK) {
      const message = textAt(main);
      closeNow();
      throw new Error(`Lua prelude ${name}: ${message}`);
    }
  }
  wasm.lua_getfield(main, -1, 'dispatch');
  const dispatch = BigInt(wasm.luaL_ref(main, REGISTRY));
  wasm.lua_settop(main, 0);

  return {
    enter(entry, text) {
      if (closed) throw new Error('the Lua state is closed');
      if (source.depth >= MAX_DEPTH) throw new Error(`calls into Lua nested more than ${MAX_DEPTH} deep`);
      const thread = current;
      if (!wasm.lua_checkstack(thread, 8)) throw new Error('Lua stack overflow');
      source.depth++;
      running++;
      try {
        wasm.lua_rawgeti(thread, REGISTRY, dispatch);
        wasm.lua_pushstring(thread, entry);
        wasm.lua_pushstring(thread, text);
        const status = wasm.lua_pcallk(thread, 2, 1, 0, 0, null);
        const result = textAt(thread);
        if (status !== OK) throw new Error(result);
        return result;
      } finally {
        source.depth--;
        running--;
        current = thread;
        if (closing && running === 0) closeNow();
      }
    },
    close() {
      if (closed || closing) return;
      closing = true;
      if (running === 0) closeNow();
    },
    get closed() {
      return closed || closing;
    },
  };
}

/** The message of anything thrown, also of an Error of another context, where `instanceof` fails. */
export function messageOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) return String(thrown.message);
  return String(thrown);
}
