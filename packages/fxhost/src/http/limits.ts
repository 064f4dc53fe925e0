const MAX_KEYS = 4096;

/**
 * One token bucket for each key. It does what FXServer's limiter is meant to do, not what a flood makes of it there
 * (one refusal, then more than a whole burst again).
 * @param now milliseconds, monotonic
 */
export function createRateLimiter(now: () => number) {
  const buckets = new Map<string, { readonly tokens: number; readonly at: number }>();

  return {
    /**
     * Takes one token from the bucket of this key; false when it is empty. The limit may differ from call to call.
     * @param rate how fast the bucket fills, in tokens a second. @param burst how much it holds
     */
    consume(key: string, rate: number, burst: number): boolean {
      const at = now();
      const bucket = buckets.get(key);
      const tokens = bucket ? Math.min(bucket.tokens + ((at - bucket.at) / 1000) * rate, burst) : burst;
      if (tokens < 1) return false;
      // Deleted first: the map's order is then the order of use, and the oldest can be dropped.
      buckets.delete(key);
      buckets.set(key, { tokens: tokens - 1, at });
      for (const oldest of buckets.keys()) if (buckets.size > MAX_KEYS) buckets.delete(oldest);
      return true;
    },
  };
}

/** Connections at the same time from one address, `net_tcpConnLimit`. */
export function createConnectionLimit(limit: () => number, exempt: (ip: string) => boolean) {
  const open = new Map<string, number>();

  return {
    /** Counts a new connection of this address; false when it has too many and must be dropped. */
    open(ip: string): boolean {
      const count = open.get(ip) ?? 0;
      if (count >= limit() && !exempt(ip)) return false;
      open.set(ip, count + 1);
      return true;
    },
    /** To be called once for each `open` that gave true. */
    close(ip: string): void {
      const count = (open.get(ip) ?? 1) - 1;
      if (count > 0) open.set(ip, count);
      else open.delete(ip);
    },
  };
}
