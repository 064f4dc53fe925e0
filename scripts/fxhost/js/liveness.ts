/**
 * Whether something keeps a resource's event loop alive. In FXServer libuv knows; here the modules a resource can get
 * at report what they open: timers of `node:timers`, and sockets, servers and requests of `net`, `tls`, `http`, `https`,
 * `dgram`, `fetch`, `WebSocket` and asynchronous `fs`. Not seen, so up to a tick later than in FXServer: `dns`, `zlib`
 * and `crypto` callbacks, and classes constructed directly (`new net.Socket()`).
 */
export interface Liveness {
  readonly alive: boolean;
  /** Something outside the scope is under way and may settle a promise at any time. */
  readonly waiting: boolean;
  /**
   * @param close closes what was opened, when the resource's environment ends.
   * @returns the function to call when it is closed; further calls do nothing.
   */
  hold(close?: () => void): () => void;
  closeAll(): void;
  addTimer(timer: NodeJS.Timeout | NodeJS.Immediate): void;
  removeTimer(timer: NodeJS.Timeout | NodeJS.Immediate): void;
  timers(): Iterable<NodeJS.Timeout | NodeJS.Immediate>;
}

/** @param changed called whenever something was opened or closed. */
export function createLiveness(changed: () => void): Liveness {
  const timers = new Set<NodeJS.Timeout | NodeJS.Immediate>();
  const held = new Set<() => void>();
  const hasReferencedTimer = () => {
    for (const timer of timers) if (timer.hasRef()) return true;
    return false;
  };
  return {
    get alive() {
      return held.size > 0 || hasReferencedTimer();
    },
    get waiting() {
      return held.size > 0;
    },
    hold(close = () => {}) {
      // A key of its own, even when the same function is given twice.
      const key = () => close();
      held.add(key);
      changed();
      return () => {
        if (held.delete(key)) changed();
      };
    },
    closeAll() {
      for (const close of [...held]) close();
    },
    addTimer: (timer) => void timers.add(timer),
    removeTimer: (timer) => void timers.delete(timer),
    timers: () => timers,
  };
}
