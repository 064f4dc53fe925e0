import { packArguments } from './pack-arguments.ts';

/** The server-local events and exports of the game server, the only way in which resources reach one another. */
export interface GameEvents {
  /** Triggers a server-local event; arguments are copied to each resource that listens. */
  emit(name: string, ...args: readonly unknown[]): void;
  /** Listens to a server-local event. Never to a client's: the name is not made known to the network. */
  on(name: string, handler: (...args: unknown[]) => void): void;
  /** Makes a function callable as `exports.<resource>:<name>`. */
  provide(name: string, callback: (...args: unknown[]) => unknown): void;
  /** The resource whose call is being answered; null for the network, timers and the console. Read it before anything else. */
  caller(): string | null;
  /** Whether what is being handled was sent by a player's game rather than by a resource. */
  isFromClient(): boolean;
  /** Calls at the next tick of the game. */
  nextTick(callback: () => void): void;
}

export function createGameEvents(): GameEvents {
  return {
    emit: createEmit(),
    on: (name, handler) => on(name, handler),
    // The bundle is a classic script whose `exports` global is the game server's own.
    provide: (name, callback) => globalThis.exports(name, callback),
    // The published typings promise a string; outside a call the native gives null.
    caller: () => (GetInvokingResource() as string | null) || null,
    // `source` is a player's number for the network and '' for a resource; it is reset after each dispatch.
    isFromClient: () => typeof globalThis.source === 'number',
    nextTick: (callback) => {
      setTimeout(callback, 0);
    },
  };
}

/** The native beneath `emit`. Its published type asks for text; text would lose bytes, and the game server packs into bytes too. */
type TriggerPacked = (name: string, payload: Uint8Array, length: number) => void;

function createEmit(): GameEvents['emit'] {
  const trigger = (globalThis as { TriggerEventInternal?: unknown }).TriggerEventInternal as TriggerPacked | undefined;
  if (trigger === undefined) return (name, ...args) => emit(name, ...args);
  return (name, ...args) => {
    const payload = packArguments(args);
    // The native copies the bytes before it calls anybody, so that a handler that triggers events in turn does no harm.
    if (payload === null) emit(name, ...args);
    else trigger(name, payload, payload.length);
  };
}
