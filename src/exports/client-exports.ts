import { API_MODE_EVENT, type ApiMode, CLIENT_STARTED_EVENT, DEFAULT_API_MODE } from './api-mode.ts';

/** The game, as far as exports need it. */
export interface ExportingGame {
  /** Makes a function callable as `exports.<resource>:<name>` on this client. */
  provide(name: string, callback: (...args: unknown[]) => unknown): void;
  /** Listens to an event that the server sends to this client. */
  onServerEvent(name: string, handler: (...args: unknown[]) => void): void;
  /** Sends an event to the server. */
  tellServer(name: string): void;
}

/**
 * Provides the official resource's exports for client scripts:
 *
 * - `getApiMode()` gives 1 for the CAD's production system, 0 for its development system; 1 until the server has said which.
 * - `isPluginLoaded(name)` gives false: there are no submodules.
 */
export function provideClientExports({ provide, onServerEvent, tellServer }: ExportingGame): void {
  let mode: ApiMode = DEFAULT_API_MODE;
  onServerEvent(API_MODE_EVENT, (given) => {
    mode = given === 0 ? 0 : 1;
  });
  tellServer(CLIENT_STARTED_EVENT);
  provide('getApiMode', () => mode);
  provide('isPluginLoaded', () => false);
}
