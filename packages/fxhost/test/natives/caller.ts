import type { ResourceInfo, RuntimeHost } from '../../src/types.ts';

export function resource(name: string, path = `/resources/${name}`): ResourceInfo {
  return { name, path, metadata: new Map() };
}

/** A caller of natives; the functions that only the host can do end the test when they are used. */
export function caller(name: string, overrides: Partial<RuntimeHost> = {}): RuntimeHost {
  const unexpected = (): never => {
    throw new Error('not expected to be called');
  };
  return {
    resource: resource(name),
    print: unexpected,
    fatal: unexpected,
    emitEvent: unexpected,
    emitNet: unexpected,
    canonicalizeRef: unexpected,
    invokeRef: unexpected,
    duplicateRef: (ref) => ref,
    deleteRef: () => {},
    invokeNative: unexpected,
    stateBags: { get: () => undefined, set: unexpected },
    nativeNames: [],
    missingNatives: [],
    invokingResource: () => null,
    requestPass: unexpected,
    ...overrides,
  };
}
