import type { CallStack } from './call-stack.ts';
import type { EventDispatcher } from './event-dispatcher.ts';
import type { FunctionReferences } from './function-references.ts';
import type { Native, ResourceInfo, RuntimeHost } from './types.ts';

/** What all runtimes share. */
export interface RuntimeServices {
  readonly stack: CallStack;
  readonly events: Pick<EventDispatcher, 'emit'>;
  readonly references: FunctionReferences;
  readonly natives: Readonly<Record<string, Native>>;
  readonly nativeNames: readonly string[];
  /** Throws when the server is dead. */
  check(): void;
  print(channel: string, text: string): void;
  fatal(message: string): never;
  sendToClient(event: string, target: string, payload: Uint8Array, latent: boolean): void;
  requestPass(): void;
}

/** The host as one runtime of one resource sees it. Each call notes whose script it comes from. */
export function createRuntimeHost(services: RuntimeServices, resource: ResourceInfo, instance: number): RuntimeHost {
  const { stack, events, references, natives, check } = services;
  const { name } = resource;
  const host: RuntimeHost = {
    resource,
    nativeNames: services.nativeNames,
    print: (text) => services.print(`script:${name}`, text),
    fatal: services.fatal,
    emitEvent(event, payload) {
      check();
      stack.enter(name);
      try {
        events.emit(event, payload, '');
      } finally {
        stack.leave();
      }
    },
    emitNet(event, target, payload, bytesPerSecond) {
      check();
      services.sendToClient(event, target, payload, bytesPerSecond !== undefined);
    },
    canonicalizeRef: (ref) => `${name}:${instance}:${ref}`,
    invokeRef(ref, args) {
      check();
      stack.enter(name);
      try {
        return references.invoke(ref, args);
      } finally {
        stack.leave();
      }
    },
    duplicateRef: references.duplicate,
    deleteRef: references.delete,
    invokeNative(native, ...args) {
      check();
      const run = natives[native];
      if (run === undefined) throw new Error(`the stand-in has no native ${native}`);
      return run(host, ...args);
    },
    invokingResource: () => stack.invokerOf(name),
    requestPass: services.requestPass,
  };
  return host;
}
