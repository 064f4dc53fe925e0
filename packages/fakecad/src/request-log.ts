/** A request as it came in, an invocation over the hub among them (its method is `INVOKE`). The key is in none. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** What the JSON held; text where it was none. */
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
    /** The oldest first. */
    requests: requests as readonly LoggedRequest[],
    /** @returns what to call with the status of the answer */
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
