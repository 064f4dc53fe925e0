import type { Clock } from './clock.ts';

const WINDOW_MS = 60_000;

/** How often each endpoint may be asked. */
export type Limits = ReturnType<typeof createLimits>;

/**
 * The CAD counts for each API key and endpoint; here there is one key. Whether its minute is that of the wall clock is not
 * known: any 60 seconds is the stricter reading.
 */
export function createLimits(clock: Clock) {
  const taken = new Map<string, number[]>();
  return {
    /**
     * Counts a request, unless it is one too many.
     * @param perMinute how many are allowed within any 60 seconds
     * @returns null, or the seconds after which the next one is allowed: 1 to 60
     */
    take(endpoint: string, perMinute: number): number | null {
      const now = clock.monotonic();
      const recent = (taken.get(endpoint) ?? []).filter((at) => now - at < WINDOW_MS);
      taken.set(endpoint, recent);
      const [oldest] = recent;
      if (oldest !== undefined && recent.length >= perMinute) return Math.ceil((oldest + WINDOW_MS - now) / 1000);
      recent.push(now);
      return null;
    },
  };
}
