/** Sends events to the games of players. */
export interface ClientEvents {
  /** @param target a server id, or -1 for everybody. One who is not connected is passed over in silence. */
  send(name: string, target: number, ...args: unknown[]): void;
  /** As `send`, in pieces beside the game's own traffic: for what is large. */
  sendSlowly(name: string, target: number, ...args: unknown[]): void;
}

/** A 100 kB payload takes 1.5 s at this pace, and disturbs nobody's game. */
const BYTES_PER_SECOND = 65_536;

export function createClientEvents(): ClientEvents {
  return {
    send: (name, target, ...args) => emitNet(name, target, ...args),
    sendSlowly: (name, target, ...args) => TriggerLatentClientEvent(name, target, BYTES_PER_SECOND, ...args),
  };
}
