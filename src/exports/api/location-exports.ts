import type { ApiExportContext } from './api-export-context.ts';

/**
 * Provides `sendUnitLocations(update or list of updates)`: sends where units are over the session with the CAD, see `Session`. It
 * gives a promise, for which Lua waits, of whether the CAD has taken all of them.
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
