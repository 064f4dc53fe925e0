/** The handlers that a script hangs on one request, and the body that waits for one of them. */
export interface RequestCallbacks {
  setDataHandler(handler: (body: Buffer) => void): void;
  setCancelHandler(handler: () => void): void;
  /** The whole body is there. It is kept for a handler that comes late. */
  bodyArrived(body: Buffer): void;
  /** As above, but FXServer drops a chunked body when no handler stands ready. */
  chunkedBodyArrived(body: Buffer): void;
  /** The connection is gone. */
  connectionClosed(): void;
  /** The answer is out: nothing is left to cancel. */
  answered(): void;
}

/** @param onMainThread runs a callback where scripts run, later. */
export function createRequestCallbacks(onMainThread: (callback: () => void) => void): RequestCallbacks {
  let dataHandler: ((body: Buffer) => void) | null = null;
  let cancelHandler: (() => void) | null = null;
  let parked: Buffer | null = null;

  const deliver = (body: Buffer): boolean => {
    const handler = dataHandler;
    if (handler === null) return false;
    dataHandler = null;
    onMainThread(() => handler(body));
    return true;
  };

  return {
    setDataHandler(handler) {
      const body = parked;
      if (body === null) {
        dataHandler = handler;
        return;
      }
      parked = null;
      // The script is on the main thread already, so FXServer calls back before setDataHandler returns.
      handler(body);
    },
    setCancelHandler(handler) {
      cancelHandler = handler;
    },
    bodyArrived(body) {
      if (!deliver(body)) parked = body;
    },
    chunkedBodyArrived(body) {
      deliver(body);
    },
    connectionClosed() {
      const handler = cancelHandler;
      cancelHandler = null;
      if (handler) onMainThread(handler);
    },
    answered() {
      cancelHandler = null;
    },
  };
}
