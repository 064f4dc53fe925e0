/** Calls `expired` when the time is over. @returns a function that calls it off */
export type Deadline = (expired: () => void) => () => void;

export type BodyOutcome =
  | { readonly status: 'whole'; readonly body: Buffer }
  /** Larger than allowed. */
  | { readonly status: 'too-large' }
  /** Not there within the deadline. */
  | { readonly status: 'late' }
  /** FXServer dropped a chunked body on the way. */
  | { readonly status: 'lost' }
  /** The client went away. */
  | { readonly status: 'aborted' };

/** A body as the game server delivers it. */
export type WholeBody = Extract<BodyOutcome, { status: 'whole' | 'lost' | 'aborted' }>;

/** A request whose body is delivered in one piece, so that no stream is needed. */
export interface WholeBodyRequest {
  /** @param done called once, possibly before this returns */
  readWhole(done: (outcome: WholeBody) => void): void;
}

/** What is used of Node's `IncomingMessage`. */
interface BodyRequest {
  readonly headers?: { readonly 'content-length'?: string | undefined };
  on(event: string, listener: (chunk: Uint8Array) => void): unknown;
}

/**
 * Reads the whole body of a request, from the game port or from a plain Node server.
 *
 * @param deadline by when it has to be there
 */
export function readBody(request: BodyRequest, maxBytes: number, deadline: Deadline): Promise<BodyOutcome> {
  return readInTime(Number(request.headers?.['content-length'] ?? 0), maxBytes, deadline, (settle) => {
    if (isWholeBodyRequest(request)) request.readWhole(settle);
    else collect(request, maxBytes, settle);
  });
}

function readInTime(
  declared: number,
  maxBytes: number,
  deadline: Deadline,
  read: (settle: (outcome: BodyOutcome) => void) => void,
): Promise<BodyOutcome> {
  if (declared > maxBytes) return Promise.resolve({ status: 'too-large' });
  return new Promise((resolve) => {
    const cancelDeadline = deadline(() => resolve({ status: 'late' }));
    read((outcome) => {
      cancelDeadline();
      const isTooLarge = outcome.status === 'whole' && outcome.body.length > maxBytes;
      resolve(isTooLarge ? { status: 'too-large' } : outcome);
    });
  });
}

function isWholeBodyRequest(request: object): request is WholeBodyRequest {
  return 'readWhole' in request && typeof request.readWhole === 'function';
}

function collect(request: BodyRequest, maxBytes: number, settle: (outcome: BodyOutcome) => void): void {
  const chunks: Uint8Array[] = [];
  let length = 0;
  request.on('data', (chunk) => {
    length += chunk.byteLength;
    if (length > maxBytes) settle({ status: 'too-large' });
    else chunks.push(chunk);
  });
  request.on('end', () => settle({ status: 'whole', body: Buffer.concat(chunks) }));
  request.on('close', () => settle({ status: 'aborted' }));
  request.on('error', () => settle({ status: 'aborted' }));
}

/** What is used of a `ReadableStreamDefaultReader`. */
interface StreamReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<unknown>;
}

/** What is used of a `Request` or `Response` of the Fetch API. */
interface StreamedBody {
  readonly headers: { get(name: string): string | null };
  readonly body: { getReader(): StreamReader } | null;
}

/** As `readBody`, of a `Request` or `Response`. What is not wanted any more is cancelled. */
export async function readStreamedBody(
  { headers, body }: StreamedBody,
  maxBytes: number,
  deadline: Deadline,
): Promise<BodyOutcome> {
  let reader: StreamReader | undefined;
  const declared = Number(headers.get('content-length') ?? 0);
  const outcome = await readInTime(declared, maxBytes, deadline, (settle) => {
    reader = body?.getReader();
    readStream(reader, maxBytes).then(settle, () => settle({ status: 'aborted' }));
  });
  if (outcome.status === 'late' || outcome.status === 'too-large') reader?.cancel().catch(() => undefined);
  return outcome;
}

/**
 * Reads a stream to its end, or until it is too large.
 *
 * @throws what the stream throws
 */
export async function readStream(
  reader: StreamReader | undefined,
  maxBytes: number,
): Promise<Extract<BodyOutcome, { status: 'whole' | 'too-large' }>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    if (part.value === undefined) continue;
    length += part.value.byteLength;
    if (length > maxBytes) return { status: 'too-large' };
    chunks.push(part.value);
  }
  return { status: 'whole', body: Buffer.concat(chunks) };
}
