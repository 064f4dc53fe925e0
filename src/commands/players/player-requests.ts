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

/** Answers an event that games may send. @param source the player whose game has sent it; null for a resource */
export type NetHandler = (source: number | null, args: readonly unknown[]) => void;
/** Answers one that only games may send. */
export type PlayerHandler = (source: number, ...args: readonly unknown[]) => void;

/** What answering players takes. */
export interface PlayerParts {
  /** The configuration in force. */
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
  /** The identity by which the CAD shall know a player; null when they have none of the configured kind. */
  identityOf(source: number): string | null;
  texts(): Locale['requests'];
  /** Shows a player a text. */
  tell(source: number, text: string): void;
  /** Sends an event to a player's game. */
  send(name: string, source: number, ...args: readonly unknown[]): void;
  /** Triggers an event of the official resource, where those are triggered. */
  readonly emit: GameEvents['emit'];
  /** The resource whose event is being answered; null for a player's game. To be read before anything else happens. */
  readonly caller: GameEvents['caller'];
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Answers a player's command, when the answer is there. One that fails is logged, and the player is told that it was refused.
 *
 * @param answer called when the limits let the command through
 */
export function answerPlayer(
  source: number,
  limits: ReturnType<typeof createRequestLimits>,
  answer: (source: number) => string | Promise<string>,
  { texts, tell, log }: Pick<PlayerParts, 'texts' | 'tell' | 'log'>,
): void {
  const taken = limits.take(source);
  if (taken === 'silently refused') return;
  const report = (thrown: unknown) =>
    log.coalesce({ reason: reasonOf(thrown) }).error("A player's command has failed.", { source });
  const answered = async () => (taken === 'granted' ? answer(source) : texts().tooMany);
  answered()
    .catch((thrown: unknown) => {
      report(thrown);
      return texts().refused;
    })
    .then((text) => tell(source, text))
    .catch(report);
}

const MINUTE_MS = 60_000;

/**
 * Limits how often players may ask for something.
 *
 * @param mostEach requests of one player in a minute
 * @param mostInAll requests of all players in a minute, and players who are told of a refusal
 */
export function createRequestLimits(mostEach: number, mostInAll: number, clock: Pick<Clock, 'monotonic'>) {
  const granted = new RateLimit<number>({ most: mostEach, mostInAll, windowMs: MINUTE_MS }, clock);
  const refusals = new RateLimit<number>({ most: 1, mostInAll, windowMs: MINUTE_MS }, clock);
  return {
    /**
     * Counts one request.
     *
     * @returns whether it is within the limits; `silently refused` when the player was told so in the last minute already, so that
     *   endless requests are not answered endlessly
     */
    take(source: number): 'granted' | 'refused' | 'silently refused' {
      if (granted.take(source)) return 'granted';
      return refusals.take(source) ? 'refused' : 'silently refused';
    },
  };
}
