import type { Socket } from 'node:net';
import { clearTimeout, setTimeout } from 'node:timers';
import { parseRequestHead, type RequestHead, requestHeader, sniffProtocol } from './request-head.ts';
import { createResponseWriter, type ResponseWriter } from './response-writer.ts';

/** One request with what belongs to it. */
export interface Transaction {
  readonly request: RequestHead;
  readonly callbacks: RequestCallbacks;
  readonly response: ResponseWriter;
}

interface ConnectionOptions {
  /** Milliseconds, read anew whenever a timer starts. */
  readonly timeouts: { idle(): number; handler(): number };
  onMainThread(callback: () => void): void;
  /** Routes a request. It may answer at once, or queue a script's handler with `onMainThread`. */
  handle(transaction: Transaction): void;
}

const MAX_BUFFERED = 5 * 1024 * 1024;
const MAX_PIPELINE = 10;
/** Armed by the first write and never stopped: a request on a reused connection has no more than this. */
const SINCE_LAST_WRITE_MS = 30_000;
const NOTHING: Buffer = Buffer.alloc(0);
const CR = 13;
const LF = 10;

/**
 * Serves one TCP connection. The order of things below is the order in FXServer, because the faults that a resource has
 * to live with come from it: which bytes a chunked body loses, what a body sent to a missing route does to the
 * connection, when a pipelined request stalls, which answer closes the connection.
 *
 * @returns closes the connection at once
 */
export function serveConnection(socket: Socket, options: ConnectionOptions): () => void {
  /** Bytes that are not used up. */
  let received = NOTHING;
  let state: 'sniffing' | 'request' | 'body' | 'chunked' | 'closed' = 'sniffing';
  /** A request was handed out and its answer has not ended. */
  let blocked = false;
  /** FXServer counts looks for a request, not requests: one when bytes come, one when an answer has ended. */
  let pipelineLength = 0;
  let seen = 0;
  let contentLength = 0;
  let current: RequestCallbacks | null = null;
  /** What the reads so far have brought of a chunked body. */
  let decoded = NOTHING;

  const close = (destroy: () => void = () => socket.destroy()) => {
    if (state === 'closed') return;
    state = 'closed';
    clearTimeout(sinceWrite);
    destroy();
    current?.connectionClosed();
    current = null;
  };
  const { timeouts } = options;
  let sinceWrite: NodeJS.Timeout | undefined;

  const respondTo = (request: RequestHead, callbacks: RequestCallbacks): ResponseWriter =>
    createResponseWriter({
      request,
      closeAfter: pipelineLength > MAX_PIPELINE,
      send(bytes) {
        if (state === 'closed') return;
        socket.setTimeout(timeouts.idle());
        sinceWrite ??= setTimeout(close, SINCE_LAST_WRITE_MS);
        sinceWrite.refresh();
        socket.write(bytes);
      },
      ended(closeConnection) {
        callbacks.answered();
        if (blocked) {
          blocked = false;
          process.nextTick(() => advance(NOTHING));
        }
        if (closeConnection) close(() => socket.destroySoon());
      },
    });

  const take = (count: number): Buffer => {
    const taken = received.subarray(0, count);
    received = received.subarray(count);
    return taken;
  };

  /** Each step gives whether to go on. */
  const readRequest = (): boolean => {
    if (blocked) return false;
    pipelineLength++;
    const parsed = parseRequestHead(received, seen);
    if (parsed.kind === 'malformed') {
      close();
      return false;
    }
    if (parsed.kind === 'incomplete') {
      seen = received.length;
      return false;
    }
    take(parsed.length);
    seen = 0;
    blocked = true;
    // Lost again with the next segment or write.
    socket.setTimeout(timeouts.handler());
    const callbacks = createRequestCallbacks(options.onMainThread);
    const response = respondTo(parsed.head, callbacks);
    current = callbacks;
    options.handle({ request: parsed.head, callbacks, response });
    if (!response.ended) expectBody(parsed.head);
    return received.length > 0;
  };

  const expectBody = (request: RequestHead) => {
    contentLength = Number.parseInt(requestHeader(request, 'content-length', '0'), 10) || 0;
    if (contentLength > 0) {
      state = 'body';
    } else if (requestHeader(request, 'transfer-encoding', '') === 'chunked') {
      state = 'chunked';
      decoded = NOTHING;
    }
  };

  const readBody = (): boolean => {
    if (received.length < contentLength) return false;
    state = 'request';
    current?.bodyArrived(take(contentLength), false);
    return received.length > 0;
  };

  const readChunked = (): boolean => {
    const body = decodeChunked(received);
    if (body?.length === undefined) {
      if (body === null) close();
      else decoded = body.data;
      return false;
    }
    take(body.length);
    state = 'request';
    // FXServer cuts the body to what it had before the read that brought the end: body.data is lost.
    current?.bodyArrived(decoded, true);
    return received.length > 0;
  };

  /** @param data the bytes of one read; none when an answer has ended and the next request may be looked for */
  function advance(data: Buffer): void {
    if (state === 'closed') return;
    received = received.length === 0 ? data : Buffer.concat([received, data]);
    if (received.length > MAX_BUFFERED) {
      close();
      return;
    }
    if (state === 'sniffing') {
      const protocol = sniffProtocol(received);
      if (protocol === 'unknown') close();
      if (protocol !== 'http') return;
      state = 'request';
    }
    let goOn = true;
    while (goOn) {
      if (state === 'request') goOn = readRequest();
      // A body that is here already waits for more bytes to come, in FXServer too.
      else if (data.length === 0) goOn = false;
      else if (state === 'body') goOn = readBody();
      else goOn = state === 'chunked' && readChunked();
    }
  }

  socket.setNoDelay(true);
  socket.on('data', (data) => {
    if (state === 'closed') return;
    socket.setTimeout(timeouts.idle());
    advance(data);
  });
  // A half-closed connection is a closed one for FXServer.
  socket.on('end', () => close());
  socket.on('error', () => close());
  socket.on('close', () => close());
  socket.on('timeout', () => close());
  socket.setTimeout(timeouts.idle());

  return () => {
    close();
    // An answer that asked for the connection to close may still be waiting for the client to read it.
    socket.destroy();
  };
}

const CHUNK_SIZE = /^[0-9a-f]{1,16}(?![0-9a-f])/i;
const TRAILERS = /^(?:\r*[^\r\n][^\n]*\n)*\r*\n/;

/**
 * Reads a chunked body as FXServer's parser does, trailers swallowed.
 *
 * @returns the data so far, and the length of all of it once its end has come; null when it is malformed
 */
function decodeChunked(bytes: Buffer): { readonly data: Buffer; readonly length?: number } | null {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const digits = CHUNK_SIZE.exec(bytes.toString('latin1', at, at + 17))?.[0];
    if (digits === undefined) return null;
    const start = bytes.indexOf(LF, at) + 1;
    if (start === 0) break;
    const size = Number.parseInt(digits, 16);
    if (size === 0) {
      const trailers = TRAILERS.exec(bytes.toString('latin1', start))?.[0];
      return { data: Buffer.concat(pieces), ...(trailers !== undefined && { length: start + trailers.length }) };
    }
    pieces.push(bytes.subarray(start, start + size));
    at = start + size;
    while (bytes[at] === CR) at++;
    if (at < bytes.length && bytes[at++] !== LF) return null;
  }
  return { data: Buffer.concat(pieces) };
}

type RequestCallbacks = ReturnType<typeof createRequestCallbacks>;

/**
 * The handlers that a script hangs on one request, and the body that waits for one of them.
 *
 * @param onMainThread runs a callback where scripts run, later
 */
export function createRequestCallbacks(onMainThread: (callback: () => void) => void) {
  let dataHandler: ((body: Buffer) => void) | null = null;
  let cancelHandler: (() => void) | null = null;
  let parked: Buffer | null = null;
  return {
    setDataHandler(handler: (body: Buffer) => void): void {
      const body = parked;
      parked = null;
      if (body === null) dataHandler = handler;
      // The script is on the main thread already, so FXServer calls back before setDataHandler returns.
      else handler(body);
    },
    setCancelHandler(handler: () => void): void {
      cancelHandler = handler;
    },
    /**
     * The whole body is there. It is kept for a handler that comes late, unless it came in chunks: FXServer drops
     * those.
     */
    bodyArrived(body: Buffer, isChunked: boolean): void {
      const handler = dataHandler;
      dataHandler = null;
      if (handler !== null) onMainThread(() => handler(body));
      else if (!isChunked) parked = body;
    },
    connectionClosed(): void {
      const handler = cancelHandler;
      cancelHandler = null;
      if (handler !== null) onMainThread(handler);
    },
    /** The answer is out: nothing is left to cancel. */
    answered(): void {
      cancelHandler = null;
    },
  };
}
