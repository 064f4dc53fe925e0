import { API_MODE_EVENT, type ApiMode, CLIENT_STARTED_EVENT, DEFAULT_API_MODE } from './api-mode.ts';
import { findCallback } from './arguments.ts';

/** What a caller is told whose export does nothing here. */
export const MISSING_PART = 'sonorancad does not have this part of the official resource';

/** The game, as far as exports need it. */
export interface ExportingGame {
  /** Makes a function callable as `exports.<resource>:<name>` on this client. */
  provide(name: string, callback: (...args: unknown[]) => unknown): void;
  /** Listens to an event that the server sends to this client. */
  onServerEvent(name: string, handler: (...args: unknown[]) => void): void;
  /** Sends an event to the server. */
  tellServer(name: string): void;
  /** The resource whose call of an export is being answered; null when it is not known. */
  caller(): string | null;
  /** Writes a warning to this client's console. */
  warn(line: string): void;
}

/**
 * Provides the official resource's exports for client scripts:
 *
 * - `getApiMode()` gives 1 for the CAD's production system, 0 for its development system; 1 until the server has said which.
 * - `isPluginLoaded(name)` gives false: there are no submodules.
 * - `getBase64(…)` only says once who called it, and calls the callback with a reason and `false`.
 */
export function provideClientExports({ provide, onServerEvent, tellServer, caller, warn }: ExportingGame): void {
  let mode: ApiMode = DEFAULT_API_MODE;
  onServerEvent(API_MODE_EVENT, (given) => {
    mode = given === 0 ? 0 : 1;
  });
  tellServer(CLIENT_STARTED_EVENT);
  provide('getApiMode', () => mode);
  provide('isPluginLoaded', () => false);
  const warned = new Set<string>();
  provide('getBase64', (...args) => {
    const name = caller() ?? 'A script';
    if (!warned.has(name)) warn(`${name} called the export getBase64, which only the official resource has.`);
    warned.add(name);
    findCallback(args)?.(MISSING_PART, false);
  });
}
