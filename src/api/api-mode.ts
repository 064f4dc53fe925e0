import type { Clock } from '../lib/clock.ts';
import { RateLimit } from '../lib/rate-limit.ts';
import type { ClientEvents } from '../platform/events.ts';

/** As the official resource numbers the CAD's systems: 1 for production, 0 for development. */
export type ApiMode = 0 | 1;

/** Tells our own client script the mode: its only argument. */
export const API_MODE_EVENT = 'sonorancad:client:apiMode';

/** By which our own client script asks for the mode when it starts, without arguments. */
export const CLIENT_STARTED_EVENT = 'sonorancad:client:started';

/** What a game takes for the mode until it is told another one. */
export const DEFAULT_API_MODE: ApiMode = 1;

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
