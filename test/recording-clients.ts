import type { ClientEvents } from '../src/platform/events.ts';

/** One event that was sent to a player's game. */
export interface SentEvent {
  readonly name: string;
  readonly target: number;
  readonly args: readonly unknown[];
  readonly isSlow: boolean;
}

/** Keeps what players' games are sent. */
export function createRecordingClients(): ClientEvents & { readonly sent: SentEvent[] } {
  const sent: SentEvent[] = [];
  return {
    sent,
    send: (name, target, ...args) => void sent.push({ name, target, args, isSlow: false }),
    sendSlowly: (name, target, ...args) => void sent.push({ name, target, args, isSlow: true }),
  };
}
