import { types } from 'node:util';
import type { EventDispatcher } from './event-dispatcher.ts';
import { decodeList, encode, type FunctionReference, isFunctionReference } from './msgpack.ts';
import type { RunningScripts } from './running-scripts.ts';

/** A function of the host, called by scripts. */
type HostFunction = (args: readonly unknown[]) => readonly unknown[] | undefined;

const HOST_OWNER = '_cfx_internal';
const NO_VALUES = encode([]);

/** All functions that can be called by reference: those of scripts, and those of the host. */
export type FunctionReferences = ReturnType<typeof createFunctionReferences>;

export function createFunctionReferences(scripts: RunningScripts) {
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
    /** @throws Error with code `REF_INVALID` when its owner is gone, else with the message the caller is to see. */
    invoke(ref: string, args: Uint8Array): Uint8Array {
      const own = offered.get(ref);
      if (own) {
        const values = own.callback(decodeList(args));
        return values ? encode(values) : NO_VALUES;
      }
      const found = locate(ref);
      if (!found) throw Object.assign(new Error(`the function reference ${ref} is not valid`), { code: 'REF_INVALID' });
      return scripts.enter(found.script, (runtime) => runtime.callRef(found.id, args));
    },
    duplicate(ref: string): string {
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
    delete(ref: string): void {
      const own = offered.get(ref);
      if (own) {
        if (--own.holders <= 0) offered.delete(ref);
        return;
      }
      const found = locate(ref);
      if (found) found.script.runtime.removeRef(found.id);
    },
    /** Offers a function of the host until its last holder releases it. */
    offer(callback: HostFunction): FunctionReference {
      const functionReference = `${HOST_OWNER}:0:${nextOffer++}`;
      offered.set(functionReference, { callback, holders: 0 });
      return { functionReference };
    },
  };
}

/** Converts values between a test and scripts: functions become references, and references functions. */
type PlainValues = ReturnType<typeof createPlainValues>;

export function createPlainValues(references: FunctionReferences) {
  const toScript = (value: unknown): unknown => {
    if (typeof value === 'function') {
      return references.offer((args) => [toScript(value(...args.map(fromScript)))]);
    }
    if (Array.isArray(value)) return value.map(toScript);
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toScript(item)]));
  };
  // In place: the unpacked value has no other user.
  const fromScript = (value: unknown): unknown => {
    if (types.isFloat32Array(value)) return [...value];
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
    if (isFunctionReference(value)) {
      const ref = references.duplicate(value.functionReference);
      return (...args: unknown[]) =>
        fromReturn(decodeList(references.invoke(ref, encode(args.map(toScript)))).map(fromScript));
    }
    for (const [key, item] of Object.entries(value)) {
      const changed = fromScript(item);
      if (changed !== item) Object.assign(value, { [key]: changed });
    }
    return value;
  };
  return { toScript, fromScript };
}

/** The return value of a script's function: one value, several from Lua, or a promise. */
function fromReturn(values: readonly unknown[]): unknown {
  if (values.length > 1) return values;
  const later = (values[0] as { __cfx_async_retval?: unknown } | null | undefined)?.__cfx_async_retval;
  if (typeof later !== 'function') return values[0];
  return new Promise((resolve, reject) => {
    later((results: unknown, error: unknown) => {
      if (error !== null && error !== undefined) reject(new Error(String(error)));
      else resolve(Array.isArray(results) && results.length <= 1 ? results[0] : results);
    });
  });
}

/**
 * Calls an export as a script would: asks for the function by the event that its resource listens to.
 *
 * @throws when no running resource of that name has such an export
 */
export function callExport(
  { events, plain }: { readonly events: Pick<EventDispatcher, 'emit'>; readonly plain: Pick<PlainValues, 'toScript'> },
  resource: string,
  exported: string,
  args: readonly unknown[],
): unknown {
  let found: ((...args: readonly unknown[]) => unknown) | undefined;
  const give = (callback: unknown) => {
    found = callback as typeof found;
  };
  events.emit(`__cfx_export_${resource}_${exported}`, encode([plain.toScript(give)]), '');
  if (found === undefined) throw new Error(`No such export ${exported} in resource ${resource}`);
  return found(...args);
}
