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
export interface RequestLog {
  /** The oldest first. */
  readonly requests: readonly LoggedRequest[];
  /** @returns what to call with the status of the answer */
  add(request: Omit<LoggedRequest, 'status'>): (status: number) => void;
}

const KEPT = 1000;

export function createRequestLog(): RequestLog {
  const requests: LoggedRequest[] = [];
  return {
    requests,
    add(request) {
      const entry = { ...request, status: 0 };
      requests.push(entry);
      if (requests.length > KEPT) requests.shift();
      return (status) => {
        entry.status = status;
      };
    },
  };
}
