import type { ApiExportContext } from './api-export-context.ts';

/**
 * Provides `sendUnitLocations(update or list of updates)`: sends where units are over the session with the CAD, at most 1,000 updates
 * `{ identId | apiId | communityUserId | roblox, location, coordinates? }`. It gives a promise, for which Lua waits, of whether the CAD
 * has taken all of them: false while there is no session, and for what is no update, which the operator is told once. Nothing throws.
 */
export function provideLocationExports({
  events,
  warnings,
  sendUnitLocations,
}: Pick<ApiExportContext, 'events' | 'warnings'> & {
  sendUnitLocations(updates: readonly unknown[]): Promise<boolean>;
}): void {
  events.provide('sendUnitLocations', (given) => {
    const caller = events.caller();
    if (Array.isArray(given)) return sendUnitLocations(given);
    if (typeof given === 'object' && given !== null) return sendUnitLocations([given]);
    warnings.shifted(caller, 'sendUnitLocations');
    return false;
  });
}
