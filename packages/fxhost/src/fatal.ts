/** The end of the server: a crash, or `quit`. */
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
    /** Ends the server where FXServer would have crashed. */
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
    /** @throws the crash, once the server has crashed. */
    check,
    /** Runs an action at the outermost level. A crash inside it was reported already and is not thrown again. */
    shield(action: () => void): void {
      if (error) return;
      try {
        action();
      } catch (thrown) {
        if (error === null) throw thrown;
      }
    },
    /** Calls back if the server crashes. @returns a function that removes the callback. */
    onCrash(listener: (error: Error) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    get ended(): boolean {
      return ended;
    },
    /** Ends the server as `quit` does. */
    end(): void {
      ended = true;
      if (error === null) resolve();
    },
    /** Resolves when the server has quit, rejects when it crashed. */
    closed,
    /** @throws the crash, unless `onFatal` was given. */
    report(): void {
      if (!onFatal) check();
    },
  };
}
