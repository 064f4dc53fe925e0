import type * as game from '../platform/client/game.ts';
import { API_MODE_EVENT, type ApiMode, CLIENT_STARTED_EVENT, DEFAULT_API_MODE } from './api-mode.ts';
import { findCallback } from './arguments.ts';

/** What a caller is told whose export does nothing here. */
export const MISSING_PART = 'sonorancad does not have this part of the official resource';

/** The game, as far as exports need it. */
type ExportingGame = Pick<
  typeof game,
  'provideClientExport' | 'onServerEvent' | 'tellServer' | 'callerOnClient' | 'warnOnClient'
>;

/**
 * Provides the official resource's exports for client scripts:
 *
 * - `getApiMode()` gives 1 for the CAD's production system, 0 for its development system; 1 until the server has said which.
 * - `isPluginLoaded(name)` gives false: there are no submodules.
 * - `getBase64(…)` only says once who called it, and calls the callback with a reason and `false`.
 */
export function provideClientExports(game: ExportingGame): void {
  let mode: ApiMode = DEFAULT_API_MODE;
  game.onServerEvent(API_MODE_EVENT, (given) => {
    mode = given === 0 ? 0 : 1;
  });
  game.tellServer(CLIENT_STARTED_EVENT);
  game.provideClientExport('getApiMode', () => mode);
  game.provideClientExport('isPluginLoaded', () => false);
  const warned = new Set<string>();
  game.provideClientExport('getBase64', (...args) => {
    const name = game.callerOnClient() ?? 'A script';
    if (!warned.has(name))
      game.warnOnClient(`${name} called the export getBase64, which only the official resource has.`);
    warned.add(name);
    findCallback(args)?.(MISSING_PART, false);
  });
}
