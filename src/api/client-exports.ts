import type { Clock } from '../lib/clock.ts';
import { RateLimit } from '../lib/rate-limit.ts';
import type * as game from '../platform/client/game.ts';
import type { ClientEvents } from '../platform/events.ts';
import { findCallback } from './export-calls.ts';

/** What a caller is told whose export does nothing here. */
export const MISSING_PART = 'sonorancad does not have this part of the official resource';

/** As the official resource numbers the CAD's systems: 1 for production, 0 for development. */
type ApiMode = 0 | 1;

/** Tells our own client script the mode: its only argument. */
export const API_MODE_EVENT = 'sonorancad:client:apiMode';

/** By which our own client script asks for the mode when it starts, without arguments. */
export const CLIENT_STARTED_EVENT = 'sonorancad:client:started';

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
  let mode: ApiMode = 1;
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

const ANSWERS = { most: 3, windowMs: 60_000 };

/**
 * Tells players' games the mode.
 *
 * @param mode the configured one, asked each time
 */
export function createApiModeAnnouncer(
  mode: () => 'production' | 'development',
  clients: Pick<ClientEvents, 'send'>,
  clock: Pick<Clock, 'monotonic'>,
) {
  const current = (): ApiMode => (mode() === 'production' ? 1 : 0);
  let announced = current();
  const answers = new RateLimit<number>(ANSWERS, clock);

  return {
    /**
     * To be called when a player's game says that our client script has started: what was sent before, it has lost. Any game can
     * say so at any time, and is answered three times a minute.
     *
     * @returns whether it was answered
     */
    clientStarted(source: number): boolean {
      if (!answers.take(source)) return false;
      clients.send(API_MODE_EVENT, source, current());
      return true;
    },
    /** To be called for every configuration that comes into force. */
    applyConfig(): void {
      const now = current();
      if (now === announced) return;
      announced = now;
      clients.send(API_MODE_EVENT, -1, now);
    },
  };
}
