import type { RuntimeHost } from '../types.ts';
import type { PlatformServices } from './scope.ts';

/** What is the same for all resources of a server, or of a player's game. */
export interface PlatformState {
  now(): number;
  resourceState(name: string): string;
  /** State bags, shared by all resources. */
  readonly state: Map<string, Uint8Array>;
}

/**
 * What the script platform gets from the host of its runtime.
 *
 * @param emitToServer sends an event to the server; given for a player's game, whose scripts do that instead of sending to
 *   players
 */
export function platformServices(
  host: RuntimeHost,
  { now, resourceState, state }: PlatformState,
  emitToServer?: (name: string, payload: Uint8Array) => void,
): PlatformServices {
  const { name, metadata } = host.resource;
  const exportKey = emitToServer ? 'export' : 'server_export';
  return {
    isServer: emitToServer === undefined,
    resourceName: name,
    nativeNames: host.nativeNames,
    print: host.print,
    now,
    native: (native, args) => host.invokeNative(native, ...args),
    emitEvent: host.emitEvent,
    emitNet(event, target, payload, bytesPerSecond) {
      // The native takes its target as text, and these as no text at all.
      if (target === 0 || target === null || target === undefined || target === false) {
        throw new Error(`native TriggerClientEventInternal: Argument at index 1 was null.`);
      }
      host.emitNet(event, String(target), payload, bytesPerSecond);
    },
    emitToServer: emitToServer ?? onlyClients,
    canonicalizeRef: host.canonicalizeRef,
    invokeRef: host.invokeRef,
    duplicateRef: host.duplicateRef,
    deleteRef: host.deleteRef,
    invokingResource: host.invokingResource,
    resourceState,
    manifestExports: () =>
      Array.from({ length: metadata.count(exportKey) }, (_, index) => metadata.get(exportKey, index)).filter(
        (exported) => exported !== null,
      ),
    getState: (bag, key) => state.get(`${bag}\0${key}`),
    setState: (bag, key, payload) => void state.set(`${bag}\0${key}`, payload),
    utf8: (text) => new Uint8Array(Buffer.from(text)),
    text: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(),
  };
}

function onlyClients(): never {
  throw new Error('only clients send events to the server');
}
