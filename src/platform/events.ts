import { packArguments } from './pack-arguments.ts';

/** Server-local events and exports: how the resources of one server reach each other. */
export interface GameEvents {
  /** Triggers a server-local event. Each listening resource gets its own copy of the arguments. */
  emit(name: string, ...args: readonly unknown[]): void;
  /** Listens to a server-local event. Players' games cannot trigger the event: its name is not registered for the network. */
  on(name: string, handler: (...args: unknown[]) => void): void;
  /** Makes a function callable as `exports.<resource>:<name>`. */
  provide(name: string, callback: (...args: unknown[]) => unknown): void;
  /**
   * Returns the resource that made the current call; null for the network, timers and the console. FXServer knows the
   * caller only until the handler calls something else: read it first.
   */
  caller(): string | null;
  /** Returns whether a player's game sent the current event, rather than a resource. */
  isFromClient(): boolean;
  /** Runs a callback on the game's next tick. */
  nextTick(callback: () => void): void;
}

/** Events from the server to players' games. */
export interface ClientEvents {
  /** @param target a server id, or -1 for all players; an id that is not connected is ignored */
  send(name: string, target: number, ...args: unknown[]): void;
  /** Sends a large event in pieces, at a rate that leaves room for the game's own traffic. */
  sendSlowly(name: string, target: number, ...args: unknown[]): void;
}

/** The server-local events of the running game server. */
export const gameEvents: GameEvents = {
  emit(name, ...args) {
    // FXServer's own `emit` packs several times slower than `packArguments`. It is the fallback where the native is missing.
    const trigger = (globalThis as { TriggerEventInternal?: unknown }).TriggerEventInternal as
      | TriggerPackedEvent
      | undefined;
    const payload = trigger === undefined ? null : packArguments(args);
    if (trigger === undefined || payload === null) {
      emit(name, ...args);
      return;
    }

    // The native copies the bytes before it calls a handler, so a handler that emits in turn may reuse the buffer.
    trigger(name, payload, payload.length);
  },
  on: (name, handler) => on(name, handler),
  provide(name, callback) {
    // In the bundle, a classic script, `globalThis.exports` is the game server's registry of exports.
    globalThis.exports(name, callback);
  },
  caller() {
    // The published typings promise a string; outside a call the native returns null.
    return (GetInvokingResource() as string | null) || null;
  },
  isFromClient() {
    // FXServer sets `source` to the player's number for a net event and to '' for an event of a resource.
    return typeof globalThis.source === 'number';
  },
  nextTick: (callback) => void setTimeout(callback, 0),
};

/**
 * Registers an event that players' games may send and that resources may trigger.
 *
 * @param handler gets the sending player's server id, or null for a resource; then the arguments. Arguments from a player
 *   are untrusted.
 */
export function onNetEvent(name: string, handler: (source: number | null, args: readonly unknown[]) => void): void {
  onNet(name, (...args: unknown[]) => {
    const source: unknown = globalThis.source;

    // An event with any other source is dropped: it could come from a player whose id was lost.
    if (source === '') handler(null, args);
    else if (typeof source === 'number' && source > 0) handler(source, args);
  });
}

/** The events that the running game server sends to players' games. */
export const clientEvents: ClientEvents = {
  send: (name, target, ...args) => emitNet(name, target, ...args),
  sendSlowly: (name, target, ...args) => TriggerLatentClientEvent(name, target, SLOW_BYTES_PER_SECOND, ...args),
};

/** Rate of `sendSlowly` for each player. A payload of 100 kB arrives after 1.5 s. */
const SLOW_BYTES_PER_SECOND = 65_536;

/** The native beneath `emit`. Its published typing demands a string, which would corrupt the msgpack bytes. */
type TriggerPackedEvent = (name: string, payload: Uint8Array, length: number) => void;
