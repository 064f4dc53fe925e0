import type { CadRequest } from '../../cad/api/cad-api.ts';
import type { Config } from '../../config/schema.ts';
import type { Audience } from '../../game/dispatch/audience.ts';
import type { Players } from '../../game/players/players.ts';
import type { StateView } from '../../game/state/state-view.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { RateLimit } from '../../lib/rate-limit.ts';
import { reasonOf } from '../../lib/text.ts';
import type { Locale } from '../../notify/locales/en.ts';
import type { GameEvents } from '../../platform/events.ts';

/**
 * Handles an event that players' games and other resources may trigger.
 *
 * @param source the player whose game sent the event; null for a resource
 */
export type NetHandler = (source: number | null, args: readonly unknown[]) => void;
/** Handles an event that only players' games may trigger. */
export type PlayerHandler = (source: number, ...args: readonly unknown[]) => void;

export interface PlayerParts {
  config(): Pick<
    Config,
    | 'call911FromClients'
    | 'legacyEvents'
    | 'linkCommand'
    | 'locale'
    | 'primaryIdentifier'
    | 'statusLabels'
    | 'unitCommands'
  >;
  readonly request: CadRequest;
  readonly state: StateView;
  readonly players: Pick<Players, 'identifiersOf' | 'linkedIdentityOf' | 'coordinatesOf' | 'sessionOf' | 'watch'>;
  readonly audience: Pick<Audience, 'onDuty'>;
  hasAce(source: number, permission: string): boolean;
  /** Gives a player's identifier of the kind `primaryIdentifier`; null when the player has none. */
  identityOf(source: number): string | null;
  texts(): Locale['requests'];
  /** Shows a player a notification. */
  tell(source: number, text: string): void;
  /** Sends an event to a player's game. */
  send(name: string, source: number, ...args: readonly unknown[]): void;
  /** Triggers an event of the official resource, unless `legacyEvents` is off. */
  readonly emit: GameEvents['emit'];
  /**
   * Gives the resource that triggered the current event; null for a player's game. Valid only until the first other
   * call.
   */
  readonly caller: GameEvents['caller'];
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Shows a player the answer to a command. A failed command is logged, and the player is told that it was refused.
 *
 * @param answer runs the command; called only within the rate limits
 */
export function answerPlayer(
  source: number,
  limits: RequestLimits,
  answer: (source: number) => string | Promise<string>,
  { texts, tell, log }: Pick<PlayerParts, 'texts' | 'tell' | 'log'>,
): void {
  const decision = limits.take(source);
  if (decision === 'silently refused') return;

  const logFailure = (thrown: unknown) =>
    log
      .coalesce({ reason: reasonOf(thrown) })
      .error("A player's command failed with an internal error. Please report it with this line.", { source });
  const answered = async () => (decision === 'granted' ? answer(source) : texts().tooMany);
  answered()
    .catch((thrown: unknown) => {
      logFailure(thrown);
      return texts().refused;
    })
    .then((text) => tell(source, text))
    .catch(logFailure);
}

const WINDOW_MS = 60_000;

/** Limits how many requests of one kind players make in a minute. */
export class RequestLimits {
  readonly #granted: RateLimit<number>;
  /** Limits the answers to refused requests, so that a flood of requests causes no flood of answers. */
  readonly #refused: RateLimit<number>;

  /**
   * @param mostEach requests of one player in a minute
   * @param mostInAll requests of all players in a minute, and players who are told in a minute that they were refused
   */
  constructor(mostEach: number, mostInAll: number, clock: Pick<Clock, 'monotonic'>) {
    this.#granted = new RateLimit<number>({ most: mostEach, mostInAll, windowMs: WINDOW_MS }, clock);
    this.#refused = new RateLimit<number>({ most: 1, mostInAll, windowMs: WINDOW_MS }, clock);
  }

  /**
   * Counts one request of a player.
   *
   * @returns `refused` for a request beyond the limits, and `silently refused` when the player was told in the last
   *   minute
   */
  take(source: number): 'granted' | 'refused' | 'silently refused' {
    if (this.#granted.take(source)) return 'granted';
    return this.#refused.take(source) ? 'refused' : 'silently refused';
  }
}
