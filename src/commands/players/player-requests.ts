import type { Log } from '../../lib/log.ts';
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
   * @returns whether it is within the limits; `silently refused` when the player was refused in the last minute already, since
   *   whoever asks without end would else be answered without end
   */
  take(source: number): 'granted' | 'refused' | 'silently refused';
}

const MINUTE = 60_000;

/**
 * @param mostEach requests of one player in a minute
 * @param mostInAll requests of all players in a minute; no more than so many are remembered
 * @param clock milliseconds that never run backwards
 */
export function createRequestLimits(
  mostEach: number,
  mostInAll: number,
  clock: { monotonic(): number },
): RequestLimits {
  let granted: { readonly source: number; readonly at: number }[] = [];
  /** By player: when they were last told that they were refused. */
  const refused = new Map<number, number>();

  function refuse(source: number, now: number): 'refused' | 'silently refused' {
    for (const [each, at] of refused) if (now - at >= MINUTE) refused.delete(each);
    if (refused.has(source) || refused.size >= mostInAll) return 'silently refused';
    refused.set(source, now);
    return 'refused';
  }

  return {
    take(source) {
      const now = clock.monotonic();
      granted = granted.filter(({ at }) => now - at < MINUTE);
      const own = granted.filter((each) => each.source === source).length;
      if (granted.length >= mostInAll || own >= mostEach) return refuse(source, now);
      granted.push({ source, at: now });
      return 'granted';
    },
  };
}
