import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { RateLimit } from '../../lib/rate-limit.ts';
import { reasonOf } from '../../lib/text.ts';
import type { Locale } from '../../notify/locales/en.ts';

export interface PlayerAnswers {
  texts(): Locale['requests'];
  /** Shows a player a text. */
  tell(source: number, text: string): void;
  readonly log: Log;
}

/**
 * Shows a player the answer to their command when it is there. One that fails is logged, and the player is told that it was refused.
 *
 * @param answer null where nothing is to be said
 */
export function answerPlayer(
  source: number,
  answer: Promise<string | null>,
  { texts, tell, log }: PlayerAnswers,
): void {
  const report = (thrown: unknown) => log.error("A player's command has failed.", { source, reason: reasonOf(thrown) });
  answer
    .catch((thrown: unknown) => {
      report(thrown);
      return texts().refused;
    })
    .then((text) => {
      if (text !== null) tell(source, text);
    })
    .catch(report);
}

/** How often players may ask for something. */
export interface RequestLimits {
  /**
   * Counts one request.
   *
   * @returns whether it is within the limits; `silently refused` when the player was told so in the last minute already, so that a
   *   player who asks without end is not answered without end
   */
  take(source: number): 'granted' | 'refused' | 'silently refused';
}

/**
 * @param mostEach requests of one player in a minute
 * @param mostInAll requests of all players in a minute, and players who are told of a refusal
 */
export function createRequestLimits(
  mostEach: number,
  mostInAll: number,
  clock: Pick<Clock, 'monotonic'>,
): RequestLimits {
  const granted = new RateLimit<number>({ most: mostEach, mostInAll, windowMs: 60_000 }, clock);
  const refusals = new RateLimit<number>({ most: 1, mostInAll, windowMs: 60_000 }, clock);
  return {
    take(source) {
      if (granted.take(source)) return 'granted';
      return refusals.take(source) ? 'refused' : 'silently refused';
    },
  };
}
