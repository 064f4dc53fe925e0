import type { RuntimeHost, ScriptRuntime } from '../types.ts';
import { createLuaState, type LuaEngineSource, messageOf } from './lua-engine.ts';
import { msgpackToWire, wireToMsgpack } from './wire-msgpack.ts';
import { plainToWire, textToWire, type WireValue, wireToPlain, wireToText } from './wire-text.ts';

export { type LuaEngineSource, loadLua } from './lua-engine.ts';

/**
 * The Lua runtime of one resource. What a script finds there is in the files of `prelude/`; this file translates between
 * msgpack and the text that crosses, and carries calls to the host.
 *
 * `callRef` gives msgpack nil when the function threw (its error is printed here) or is gone, as FXServer's Lua does.
 * @param emitToServer sends an event to the server; given for a player's game, whose scripts do that instead of sending to
 *   players.
 * @throws Error when the prelude does not run.
 */
export function createLuaRuntime(
  source: LuaEngineSource,
  host: RuntimeHost,
  emitToServer?: (name: string, payload: Uint8Array) => void,
): ScriptRuntime {
  // Lua drops references while it collects garbage; their owners must not be entered from there.
  const dropped: string[] = [];
  const handled = new Set<string>();
  const { name: resource, metadata } = host.resource;

  const operations: Record<string, (text: string) => string> = {
    print: (text) => {
      for (const line of parseText(text).split('\n')) host.print(line);
      return '';
    },
    describe: () => {
      const key = emitToServer ? 'export' : 'server_export';
      const exported = Array.from({ length: metadata.count(key) }, (_, i) => metadata.get(key, i));
      return plainToWire({ name: resource, natives: host.nativeNames, exports: exported });
    },
    handles: (text) => {
      handled.add(parseText(text));
      return '';
    },
    emit: (text) => {
      const [name, ...args] = parseArray(text);
      host.emitEvent(textOf(name), wireToMsgpack(args));
      return '';
    },
    emitNet: (text) => {
      const [name, target, bytesPerSecond, ...args] = parseArray(text);
      const payload = wireToMsgpack(args);
      const rate = wireToPlain(bytesPerSecond ?? null);
      if (typeof rate === 'number') host.emitNet(textOf(name), textOf(target), payload, rate);
      else host.emitNet(textOf(name), textOf(target), payload);
      return '';
    },
    emitToServer: (text) => {
      const [name, ...args] = parseArray(text);
      emitToServer?.(textOf(name), wireToMsgpack(args));
      return '';
    },
    canonicalize: (text) => textToWire(host.canonicalizeRef(Number(text))),
    duplicate: (text) => textToWire(host.duplicateRef(parseText(text))),
    drop: (text) => {
      dropped.push(text);
      return '';
    },
    invoke: (text) => {
      const [ref, ...args] = parseArray(text);
      let result: Uint8Array;
      try {
        result = host.invokeRef(textOf(ref), wireToMsgpack(args));
      } catch (error) {
        throw new Error(`Execution of function reference in script host failed: ${messageOf(error)}`);
      }
      return result.length === 0 ? '' : msgpackToWire(result);
    },
    invoker: () => {
      const invoker = host.invokingResource();
      return invoker === null ? '' : textToWire(invoker);
    },
    native: (text) => {
      const [nameValue, ...args] = parseArray(text);
      const name = textOf(nameValue);
      try {
        return plainToWire(host.invokeNative(name, ...args.map(wireToPlain)), name.endsWith('Float'));
      } catch (error) {
        throw new Error(`Execution of native ${name} in script host failed: ${messageOf(error)}`);
      }
    },
  };

  const state = createLuaState(
    source,
    emitToServer ? source.clientPrelude : source.serverPrelude,
    (operation, text) => {
      const run = operations[operation];
      if (!run) throw new Error(`no host operation ${operation}`);
      return run(text);
    },
  );

  const releaseDropped = (): void => {
    while (source.depth === 0) {
      const ref = dropped.pop();
      if (ref === undefined) return;
      host.deleteRef(ref);
    }
  };

  const enter = (entry: string, text: string): string => {
    try {
      return state.enter(entry, text);
    } finally {
      releaseDropped();
    }
  };

  /** For entries whose caller is not to see the error: the console does. */
  const enterReporting = (entry: string, text: string): string | null => {
    try {
      return enter(entry, text);
    } catch (error) {
      host.print(`^1SCRIPT ERROR: ${messageOf(error)}^7`);
      return null;
    }
  };

  return {
    kind: 'lua',
    handles: (file) => file.includes('.lua'),
    loadScript(file, script) {
      const chunk = file.startsWith('@') ? file : `@${resource}/${file}`;
      const failure = enterReporting('load', `[${textToWire(chunk)},${textToWire(script)}]`);
      if (failure === '') return true;
      if (failure !== null) {
        const [stage, message] = parseArray(failure).map(textOf);
        const report = `Error ${stage} script ${chunk} in resource ${resource}: ${message}`;
        for (const line of report.split('\n')) host.print(line);
      }
      return false;
    },
    handlesEvent: (name) => !state.closed && handled.has(name),
    triggerEvent(name, payload, from) {
      if (state.closed) return;
      const args = msgpackToWire(payload);
      if (!args.startsWith('[')) return;
      enterReporting('event', `[${textToWire(name)},${textToWire(from)}${args === '[]' ? '' : ','}${args.slice(1)}`);
    },
    callRef(ref, args) {
      const wire = msgpackToWire(args);
      return wireToMsgpack(JSON.parse(enter('callRef', `[${ref}${wire === '[]' ? '' : ','}${wire.slice(1)}`)));
    },
    duplicateRef: (ref) => Number(enter('duplicateRef', String(ref))),
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
    netSafeEvents: () => parseArray(enter('netSafeEvents', '')).map(textOf),
    countRefs: () => Number(enter('countRefs', '')),
  };
}

function parseArray(text: string): WireValue[] {
  return JSON.parse(text);
}

function parseText(text: string): string {
  return wireToText(JSON.parse(text));
}

function textOf(value: WireValue | undefined): string {
  return typeof value === 'string' ? wireToText(value) : String(value);
}
