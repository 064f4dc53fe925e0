/** A request, or an invocation over the hub, whose method is `INVOKE`. It never holds the key. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The parsed JSON, or the text when it was not JSON. */
  readonly body: unknown;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** 0 until there is an answer. */
  readonly status: number;
}

/** The latest requests. */
export type RequestLog = ReturnType<typeof createRequestLog>;

const KEPT = 1000;

export function createRequestLog() {
  const requests: LoggedRequest[] = [];
  return {
    /** Oldest first. */
    requests: requests as readonly LoggedRequest[],
    /** Adds a request. @returns a function to call with the status of the answer */
    add(request: Omit<LoggedRequest, 'status'>): (status: number) => void {
      const entry = { ...request, status: 0 };
      requests.push(entry);
      if (requests.length > KEPT) requests.shift();
      return (status: number) => {
        entry.status = status;
      };
    },
  };
}
