import { packArguments } from './pack-arguments.ts';

export type GameEvents = ReturnType<typeof createGameEvents>;

/** The server-local events and exports of the game server, the only way in which resources reach one another. */
export function createGameEvents() {
  return {
    emit: createEmit(),
    /** Listens to a server-local event. Never to a client's: the name is not made known to the network. */
    on: (name: string, handler: (...args: unknown[]) => void): void => on(name, handler),
    /** Makes a function callable as `exports.<resource>:<name>`. */
    provide(name: string, callback: (...args: unknown[]) => unknown): void {
      // The bundle is a classic script whose `exports` global is the game server's own.
      globalThis.exports(name, callback);
    },
    /** The resource whose call is being answered; null for the network, timers and the console. Read it before anything else. */
    caller(): string | null {
      // The published typings promise a string; outside a call the native gives null.
      return (GetInvokingResource() as string | null) || null;
    },
    /** Whether what is being handled was sent by a player's game rather than by a resource. */
    isFromClient(): boolean {
      // `source` is a player's number for the network and '' for a resource; it is reset after each dispatch.
      return typeof globalThis.source === 'number';
    },
    /** Calls at the next tick of the game. */
    nextTick: (callback: () => void): void => void setTimeout(callback, 0),
  };
}

/** The native beneath `emit`. Its published type asks for text; text would lose bytes, and the game server packs into bytes too. */
type TriggerPacked = (name: string, payload: Uint8Array, length: number) => void;

/** Triggers a server-local event; arguments are copied to each resource that listens. */
type Emit = (name: string, ...args: readonly unknown[]) => void;

function createEmit(): Emit {
  const trigger = (globalThis as { TriggerEventInternal?: unknown }).TriggerEventInternal as TriggerPacked | undefined;
  if (trigger === undefined) return (name, ...args) => emit(name, ...args);
  return (name, ...args) => {
    const payload = packArguments(args);
    // The native copies the bytes before it calls a handler, so that a handler that triggers events in turn does no harm.
    if (payload === null) emit(name, ...args);
    else trigger(name, payload, payload.length);
  };
}

/**
 * Listens to an event that players' games may send, and resources may trigger.
 *
 * @param handler gets the server id of the player whose game sent it, null for a resource; then the arguments, none of which
 *   can be trusted when there is a player
 */
export function onNetEvent(name: string, handler: (source: number | null, args: readonly unknown[]) => void): void {
  onNet(name, (...args: unknown[]) => {
    const source: unknown = globalThis.source;
    // A resource has '' for it. What is neither was lost on the way here, and could be a player's.
    if (source === '') handler(null, args);
    else if (typeof source === 'number' && source > 0) handler(source, args);
  });
}

/** A 100 kB payload takes 1.5 s at this pace, and disturbs no game. */
const BYTES_PER_SECOND = 65_536;

export type ClientEvents = ReturnType<typeof createClientEvents>;

/** Sends events to the games of players. */
export function createClientEvents() {
  return {
    /** @param target a server id, or -1 for all players. One who is not connected is passed over in silence. */
    send: (name: string, target: number, ...args: unknown[]): void => emitNet(name, target, ...args),
    /** As `send`, in pieces beside the game's own traffic: for what is large. */
    sendSlowly: (name: string, target: number, ...args: unknown[]): void =>
      TriggerLatentClientEvent(name, target, BYTES_PER_SECOND, ...args),
  };
}
