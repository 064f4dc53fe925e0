import type { Locale } from '../notify/locales/en.ts';
import type { Log } from '../platform/log.ts';
import { reasonOf } from '../text/reason-of.ts';

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
