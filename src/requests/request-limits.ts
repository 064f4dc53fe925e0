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
