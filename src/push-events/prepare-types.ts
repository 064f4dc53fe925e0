import type { Clock } from '../platform/clock.ts';
import { catalogue } from './catalogue/catalogue.ts';
import { parserOf } from './normalise.ts';

/** Two ticks of the game: all types are prepared 3 s after the start. */
const PAUSE_MS = 100;

/**
 * Makes ready to read events, one type after the other: what it takes, some milliseconds a type, neither the start nor the first event
 * of a type has to wait for.
 *
 * @param report gets what went wrong with a type; its events are read all the same
 * @returns a function that stops it
 */
export function prepareTypes(clock: Pick<Clock, 'after'>, report: (error: unknown) => void): () => void {
  const entries = Object.values(catalogue);
  let stop = () => {};
  const next = () => {
    const entry = entries.shift();
    if (entry === undefined) return;
    try {
      parserOf(entry);
    } catch (error) {
      report(error);
    }
    stop = clock.after(PAUSE_MS, next);
  };
  stop = clock.after(PAUSE_MS, next);
  return () => stop();
}
