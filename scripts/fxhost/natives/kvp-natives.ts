import type { Native, RuntimeHost } from '../types.ts';
import type { KvpStore, KvpValue } from './kvp.ts';
import { floatArgument, integerArgument, requiredText } from './native-arguments.ts';

/** Natives of the key-value store; keys are those of the calling resource. */
export function kvpNatives(store: KvpStore): Record<string, Native> {
  type Convert = (args: readonly unknown[]) => KvpValue;
  const text: Convert = (args) => ({ type: 'string', value: requiredText(args, 1) });
  const int: Convert = (args) => ({ type: 'int', value: integerArgument(args, 1) });
  const float: Convert = (args) => ({ type: 'float', value: floatArgument(args, 1) });

  const setter =
    (sync: boolean, convert: Convert): Native =>
    (caller, ...args) => {
      store.set(caller.resource.name, requiredText(args, 0), convert(args), sync);
      return null;
    };
  const remover =
    (sync: boolean): Native =>
    (caller, ...args) => {
      store.delete(caller.resource.name, requiredText(args, 0), sync);
      return null;
    };
  const read = (caller: RuntimeHost, args: readonly unknown[]) =>
    store.get(caller.resource.name, requiredText(args, 0));

  return {
    SetResourceKvp: setter(true, text),
    SetResourceKvpNoSync: setter(false, text),
    SetResourceKvpInt: setter(true, int),
    SetResourceKvpIntNoSync: setter(false, int),
    SetResourceKvpFloat: setter(true, float),
    SetResourceKvpFloatNoSync: setter(false, float),
    DeleteResourceKvp: remover(true),
    DeleteResourceKvpNoSync: remover(false),
    FlushResourceKvp: () => {
      store.flush();
      return null;
    },
    GetResourceKvp: (caller, ...args) => read(caller, args)?.value ?? null,
    GetResourceKvpString: (caller, ...args) => {
      const stored = read(caller, args);
      return stored === null || stored.type === 'string' ? (stored?.value ?? null) : mismatch();
    },
    GetResourceKvpInt: (caller, ...args) => {
      const stored = read(caller, args);
      return stored === null || stored.type === 'int' ? (stored?.value ?? 0) : mismatch();
    },
    // msgpack, in which FXServer keeps the values, gives an integer as a float but not the other way round.
    GetResourceKvpFloat: (caller, ...args) => {
      const stored = read(caller, args);
      return stored?.type === 'string' ? mismatch() : (stored?.value ?? 0);
    },
    StartFindKvp: (caller, ...args) => store.startFind(caller.resource.name, requiredText(args, 0)),
    FindKvp: (_caller, ...args) => store.find(integerArgument(args, 0)),
    EndFindKvp: (_caller, ...args) => {
      store.endFind(integerArgument(args, 0));
      return null;
    },
  };
}

function mismatch(): never {
  throw new Error('std::bad_cast');
}
