/** The end of the server, by a crash or by itself. */
export interface Fatality {
  /** Ends the run where FXServer would have crashed. */
  fatal(message: string): never;
  /** @throws what ended the server, once it has ended that way. */
  check(): void;
  /** Runs something from the outermost level; what ended the server has been reported and goes no further. */
  shield(action: () => void): void;
  /** Calls back if the server crashes. @returns the function that takes the callback back. */
  onCrash(listener: (error: Error) => void): () => void;
  readonly ended: boolean;
  /** The server ended by itself. */
  end(): void;
  /** Resolves when the server ended by itself, rejects when it crashed. */
  readonly closed: Promise<void>;
  /** @throws what ended the server, unless somebody was told through `onFatal`. */
  report(): void;
}

/** @param crashed is told first. @param onFatal who is told instead of those who wait for `closed`. */
export function createFatal(crashed: (message: string) => void, onFatal?: (error: Error) => void): Fatality {
  let error: Error | null = null;
  let ended = false;
  const listeners = new Set<(error: Error) => void>();
  let resolve: () => void = () => {};
  let reject: (error: Error) => void = () => {};
  const closed = new Promise<void>((onEnd, onCrash) => {
    resolve = onEnd;
    reject = onCrash;
  });
  // Nobody has to wait for it: `close` reports the same.
  closed.catch(() => {});

  const check = () => {
    if (error) throw error;
  };
  return {
    fatal(message) {
      if (error === null) {
        error = new Error(`FXServer would have crashed: ${message}`);
        crashed(error.message);
        for (const listener of listeners) listener(error);
        if (onFatal) onFatal(error);
        else reject(error);
      }
      throw error;
    },
    check,
    shield(action) {
      if (error) return;
      try {
        action();
      } catch (thrown) {
        if (error === null) throw thrown;
      }
    },
    onCrash(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    get ended() {
      return ended;
    },
    end() {
      ended = true;
      if (error === null) resolve();
    },
    closed,
    report() {
      if (!onFatal) check();
    },
  };
}
