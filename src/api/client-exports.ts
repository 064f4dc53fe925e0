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

/** A modified game can claim that its scripts started as often as it likes: it is answered three times a minute. */
const ANSWERS_PER_PLAYER = { most: 3, windowMs: 60_000 };

interface ApiModeAnnouncerOptions {
  /** The configured mode. */
  mode(): 'production' | 'development';
  readonly clients: Pick<ClientEvents, 'send'>;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** Tells players' games the API mode of the CAD, for the client exports of the official resource. */
export class ApiModeAnnouncer {
  readonly #options: ApiModeAnnouncerOptions;
  readonly #answers: RateLimit<number>;
  #announced: ApiMode;

  constructor(options: ApiModeAnnouncerOptions) {
    this.#options = options;
    this.#answers = new RateLimit<number>(ANSWERS_PER_PLAYER, options.clock);
    this.#announced = this.#current();
  }

  /**
   * Answers a player's game whose client script has just started: it has missed everything that was sent before.
   *
   * @returns false when the game has asked too often
   */
  clientStarted(source: number): boolean {
    if (!this.#answers.take(source)) return false;
    this.#options.clients.send(API_MODE_EVENT, source, this.#current());
    return true;
  }

  /** Tells all games the mode if it changed. */
  applyConfig(): void {
    const mode = this.#current();
    if (mode === this.#announced) return;
    this.#announced = mode;
    this.#options.clients.send(API_MODE_EVENT, -1, mode);
  }

  #current(): ApiMode {
    return this.#options.mode() === 'production' ? 1 : 0;
  }
}
