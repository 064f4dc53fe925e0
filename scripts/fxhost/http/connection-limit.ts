export interface ConnectionLimit {
  /** Counts a new connection of this address; false when it has too many and must be dropped. */
  open(ip: string): boolean;
  /** To be called once for each `open` that gave true. */
  close(ip: string): void;
}

/** Connections at the same time from one address, `net_tcpConnLimit`. */
export function createConnectionLimit(limit: () => number, exempt: (ip: string) => boolean): ConnectionLimit {
  const open = new Map<string, number>();

  return {
    open(ip) {
      const count = open.get(ip) ?? 0;
      if (count >= limit() && !exempt(ip)) return false;
      open.set(ip, count + 1);
      return true;
    },
    close(ip) {
      const count = (open.get(ip) ?? 1) - 1;
      if (count > 0) open.set(ip, count);
      else open.delete(ip);
    },
  };
}
