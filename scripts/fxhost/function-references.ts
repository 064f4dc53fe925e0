import type { FunctionReference } from './function-reference.ts';
import { decodeList } from './msgpack-decoder.ts';
import { encode } from './msgpack-encoder.ts';
import type { RunningScripts } from './running-scripts.ts';

/** A function of the host, called by scripts. */
export type HostFunction = (args: readonly unknown[]) => readonly unknown[] | undefined;

/** All functions that can be called by name: those of scripts, and the host's own. */
export interface FunctionReferences {
  /** @throws Error with code `REF_INVALID` when its owner is gone, else with the message the caller is to see. */
  invoke(ref: string, args: Uint8Array): Uint8Array;
  duplicate(ref: string): string;
  delete(ref: string): void;
  /** Offers a function of the host until the last holder let go of it. */
  offer(callback: HostFunction): FunctionReference;
  /** How many functions of the host scripts still hold. */
  readonly offered: number;
}

const HOST_OWNER = '_cfx_internal';
const NO_VALUES = encode([]);

export function createFunctionReferences(scripts: RunningScripts): FunctionReferences {
  const offered = new Map<string, { readonly callback: HostFunction; holders: number }>();
  let nextOffer = 0;

  const locate = (ref: string) => {
    const end = ref.lastIndexOf(':');
    const start = ref.lastIndexOf(':', end - 1);
    const instance = Number(ref.slice(start + 1, end));
    const script = scripts.all.find((running) => running.instance === instance);
    return script && { script, id: Number(ref.slice(end + 1)) };
  };

  return {
    get offered() {
      return offered.size;
    },
    invoke(ref, args) {
      const own = offered.get(ref);
      if (own) {
        const values = own.callback(decodeList(args));
        return values ? encode(values) : NO_VALUES;
      }
      const found = locate(ref);
      if (!found) throw Object.assign(new Error(`the function reference ${ref} is not valid`), { code: 'REF_INVALID' });
      return scripts.enter(found.script, (runtime) => runtime.callRef(found.id, args));
    },
    duplicate(ref) {
      const own = offered.get(ref);
      if (own) {
        own.holders++;
        return ref;
      }
      const found = locate(ref);
      if (!found) return ref;
      const id = found.script.runtime.duplicateRef(found.id);
      return id === found.id ? ref : ref.slice(0, ref.lastIndexOf(':') + 1) + id;
    },
    delete(ref) {
      const own = offered.get(ref);
      if (own) {
        if (--own.holders <= 0) offered.delete(ref);
        return;
      }
      const found = locate(ref);
      if (found) found.script.runtime.removeRef(found.id);
    },
    offer(callback) {
      const functionReference = `${HOST_OWNER}:0:${nextOffer++}`;
      offered.set(functionReference, { callback, holders: 0 });
      return { functionReference };
    },
  };
}
