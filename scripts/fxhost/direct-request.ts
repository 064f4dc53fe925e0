import type { HttpExchange } from './types.ts';

/** A request for a resource's handler that takes no socket. */
export interface DirectRequest {
  readonly method?: string;
  /** As the handler sees it, the resource's prefix already gone. `/` unless given. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly address?: string;
}

export interface DirectResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
  /** By `performance.now()`: when the script sent it, which is before anybody who waits for it hears of it. */
  readonly answeredAt: number;
}

/**
 * One exchange with a resource's handler through the same boundary as from the game port, without the port.
 * @param handle hands the exchange over, on the caller's stack.
 * @param onCrash hears of the server's end, so that a request does not wait for ever.
 */
export function requestDirectly(
  request: DirectRequest,
  handle: (exchange: HttpExchange) => void,
  onCrash: (listener: (error: Error) => void) => () => void,
): Promise<DirectResponse> {
  return new Promise((resolve, reject) => {
    const forget = onCrash(reject);
    let head: Pick<DirectResponse, 'status' | 'headers'> | null = null;
    const chunks: Buffer[] = [];
    let onBody: ((body: Buffer) => void) | null = null;
    let parked: Buffer | null = null;
    handle({
      method: request.method ?? (request.body === undefined ? 'GET' : 'POST'),
      path: request.path ?? '/',
      headers: request.headers ?? {},
      address: request.address ?? '127.0.0.1:40000',
      setDataHandler(handler) {
        if (parked === null) onBody = handler;
        else {
          const body = parked;
          parked = null;
          handler(body);
        }
      },
      setCancelHandler() {
        // Nobody hangs up on a request without a connection.
      },
      writeHead(status, headers) {
        head ??= { status, headers };
      },
      write: (data) => void chunks.push(data),
      end(data) {
        forget();
        if (data) chunks.push(data);
        if (head === null && data === undefined && chunks.length === 0) {
          reject(new Error('res.send() before any head: FXServer sends nothing, and the client waits for its timeout'));
          return;
        }
        const answeredAt = performance.now();
        resolve({ ...(head ?? { status: 200, headers: {} }), body: Buffer.concat(chunks), answeredAt });
      },
    });
    const body = bytesOf(request.body);
    if (body === null) return;
    // As FXServer does it, after the handler has returned.
    if (onBody) (onBody as (body: Buffer) => void)(body);
    else parked = body;
  });
}

function bytesOf(body: string | Uint8Array | undefined): Buffer | null {
  if (body === undefined || body.length === 0) return null;
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
