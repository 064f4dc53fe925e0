import type { GameEvents } from '../platform/game-events.ts';
import type { DurableForwarder } from './durable-forwarder.ts';

/**
 * Provides the exports by which other resources see and steer forwarding:
 *
 * - `getForwardingStatus()` gives how each target and the store are doing (`ForwardingStatus`);
 * - `replayForwarding(id | 'all', target?)` sends dead letters again and gives how many. Throws when an argument is no text.
 */
export function provideForwarding(forwarder: Pick<DurableForwarder, 'status' | 'replay'>, events: GameEvents): void {
  events.provide('getForwardingStatus', () => forwarder.status());
  events.provide('replayForwarding', (id, target) => {
    if (typeof id !== 'string')
      throw new Error(`replayForwarding: the first argument is an event's id or 'all', got ${typeof id}`);
    if (target !== undefined && target !== null && typeof target !== 'string') {
      throw new Error(`replayForwarding: the second argument is the name of a target, got ${typeof target}`);
    }
    return forwarder.replay(id, target ?? undefined);
  });
}
