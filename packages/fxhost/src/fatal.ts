/** The end of the server, by a crash or as told. */
export type Fatality = ReturnType<typeof createFatal>;

/** @param crashed is told first. @param onFatal who is told instead of those who wait for `closed`. */
export function createFatal(crashed: (message: string) => void, onFatal?: (error: Error) => void) {
  let error: Error | null = null;
  let ended = false;
  const listeners = new Set<(error: Error) => void>();
  const { promise: closed, resolve, reject } = Promise.withResolvers<void>();
  // It need not be waited for: `close` reports the same.
  closed.catch(() => {});

  const check = () => {
    if (error) throw error;
  };
  return {
    /** Ends the run where FXServer would have crashed. */
    fatal(message: string): never {
      if (error === null) {
        error = new Error(`FXServer would have crashed: ${message}`);
        crashed(error.message);
        for (const listener of listeners) listener(error);
        if (onFatal) onFatal(error);
        else reject(error);
      }
      throw error;
    },
    /** @throws what ended the server, once it has ended that way. */
    check,
    /** Runs something from the outermost level; what ended the server has been reported and goes no further. */
    shield(action: () => void): void {
      if (error) return;
      try {
        action();
      } catch (thrown) {
        if (error === null) throw thrown;
      }
    },
    /** Calls back if the server crashes. @returns the function that takes the callback back. */
    onCrash(listener: (error: Error) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    get ended(): boolean {
      return ended;
    },
    /** The server ended as told. */
    end(): void {
      ended = true;
      if (error === null) resolve();
    },
    /** Resolves when the server ended as told, rejects when it crashed. */
    closed,
    /** @throws what ended the server, unless it was told through `onFatal`. */
    report(): void {
      if (!onFatal) check();
    },
  };
}
