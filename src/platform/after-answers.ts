import process from 'node:process';

/**
 * Calls when everything is done that waits for nothing but code: a request that is being taken is answered before. Unlike with the
 * next pass over the event loop, nothing else comes in between. Whoever goes on for long must not go on this way, since the game
 * server gets no turn meanwhile.
 */
export function afterAnswers(callback: () => void): void {
  process.nextTick(callback);
}
