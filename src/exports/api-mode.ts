import type { ClientEvents } from '../platform/client-events.ts';

/** As the official resource numbers the CAD's systems: 1 for production, 0 for development. */
export type ApiMode = 0 | 1;

/** Tells our own client script the mode: its only argument. */
export const API_MODE_EVENT = 'sonorancad:client:apiMode';

/** What a game takes for the mode until it is told another one. */
export const DEFAULT_API_MODE: ApiMode = 1;

/** Tells players' games of a mode that is not the default. */
export interface ApiModeAnnouncer {
  /** To be called when a player joined. */
  playerSeen(source: number): void;
  /** To be called at the start and for every configuration that comes into force. */
  settle(): void;
}

/** @param mode the configured one, asked each time */
export function createApiModeAnnouncer(
  mode: () => 'production' | 'development',
  clients: Pick<ClientEvents, 'send'>,
): ApiModeAnnouncer {
  const current = (): ApiMode => (mode() === 'production' ? 1 : 0);
  let announced = DEFAULT_API_MODE;
  return {
    playerSeen(source) {
      const now = current();
      if (now !== DEFAULT_API_MODE) clients.send(API_MODE_EVENT, source, now);
    },
    settle() {
      const now = current();
      if (now === announced) return;
      announced = now;
      clients.send(API_MODE_EVENT, -1, now);
    },
  };
}
