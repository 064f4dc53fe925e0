/**
 * Listens to an event that players' games may send, and resources may trigger.
 *
 * @param handler gets the server id of the player whose game sent it, null for a resource; then the arguments, none of which
 *   can be trusted when there is a player
 */
export function onNetEvent(name: string, handler: (source: number | null, args: readonly unknown[]) => void): void {
  onNet(name, (...args: unknown[]) => {
    const { source } = globalThis;
    handler(typeof source === 'number' && source > 0 ? source : null, args);
  });
}
