import type { Socket } from 'node:net';
import { clearTimeout, setTimeout } from 'node:timers';
import { type ChunkedDecoder, createChunkedDecoder } from './chunked-decoder.ts';
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
const NOTHING = Buffer.alloc(0);

/**
 * Serves one TCP connection. The order of things below is the order in FXServer, because the faults that a resource has
 * to live with come from it: which bytes a chunked body loses, what a body sent to a missing route does to the
 * connection, when a pipelined request stalls, which answer closes the connection.
 *
 * @returns closes the connection at once
 */
export function serveConnection(socket: Socket, options: ConnectionOptions): () => void {
  const received = new ByteQueue();
  let state: 'sniffing' | 'request' | 'body' | 'chunked' | 'closed' = 'sniffing';
  /** A request was handed out and its answer has not ended. */
  let blocked = false;
  /** FXServer counts looks for a request, not requests: one when bytes come, one when an answer has ended. */
  let pipelineLength = 0;
  let seen = 0;
  let contentLength = 0;
  let current: RequestCallbacks | null = null;
  let decoder: ChunkedDecoder = createChunkedDecoder();
  let fed = 0;
  let decoded: Buffer[] = [];

  const close = (destroy: () => void = () => socket.destroy()) => {
    if (state === 'closed') return;
    state = 'closed';
    silence.stop();
    writing.stop();
    destroy();
    current?.connectionClosed();
    current = null;
  };
  const { timeouts } = options;
  // The long time that a handler gets begins when the head has been read, and is lost again with the next segment or write.
  const silence = new Restartable(() => close());
  const writing = new Restartable(() => close());

  const respondTo = (request: RequestHead, callbacks: RequestCallbacks): ResponseWriter =>
    createResponseWriter({
      request,
      closeAfter: pipelineLength > MAX_PIPELINE,
      send(bytes) {
        if (state === 'closed') return;
        silence.start(timeouts.idle());
        writing.start(SINCE_LAST_WRITE_MS);
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

  /** Each step gives whether to go on. */
  const readRequest = (): boolean => {
    if (blocked) return false;
    pipelineLength++;
    const bytes = received.view();
    const parsed = parseRequestHead(bytes, seen);
    if (parsed.kind === 'malformed') {
      close();
      return false;
    }
    if (parsed.kind === 'incomplete') {
      seen = bytes.length;
      return false;
    }
    received.take(parsed.length);
    seen = 0;
    blocked = true;
    silence.start(timeouts.handler());
    const callbacks = new RequestCallbacks(options.onMainThread);
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
      decoder = createChunkedDecoder();
      fed = 0;
      decoded = [];
    }
  };

  const readBody = (): boolean => {
    if (received.length < contentLength) return false;
    state = 'request';
    current?.bodyArrived(received.take(contentLength), false);
    return received.length > 0;
  };

  const readChunked = (): boolean => {
    const result = decoder.decode(received.view(fed));
    if (result.kind === 'malformed') {
      close();
      return false;
    }
    if (result.kind === 'incomplete') {
      fed = received.length;
      decoded.push(result.data);
      return false;
    }
    received.take(received.length - result.rest);
    state = 'request';
    // FXServer cuts the body to what it had before the read that brought the end: result.data is lost.
    current?.bodyArrived(Buffer.concat(decoded), true);
    return received.length > 0;
  };

  /** @param data the bytes of one read; none when an answer has ended and the next request may be looked for */
  function advance(data: Buffer): void {
    if (state === 'closed') return;
    received.push(data);
    if (received.length > MAX_BUFFERED) {
      close();
      return;
    }
    if (state === 'sniffing') {
      const protocol = sniffProtocol(received.view());
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
    silence.start(timeouts.idle());
    advance(data);
  });
  // A half-closed connection is a closed one for FXServer.
  socket.on('end', () => close());
  socket.on('error', () => close());
  socket.on('close', () => close());
  silence.start(timeouts.idle());

  return () => {
    close();
    // An answer that asked for the connection to close may still be waiting for the client to read it.
    socket.destroy();
  };
}

/** Bytes received and not yet used up. Joined only when they are read, so a 5 MiB body costs one copy. */
class ByteQueue {
  #parts: Buffer[] = [];
  length = 0;

  push(bytes: Buffer): void {
    if (bytes.length > 0) this.#parts.push(bytes);
    this.length += bytes.length;
  }

  /** The queued bytes, from `from` on. Valid until the next call. */
  view(from = 0): Buffer {
    const [first, ...more] = this.#parts;
    const all = first !== undefined && more.length === 0 ? first : Buffer.concat(this.#parts, this.length);
    this.#parts = [all];
    return all.subarray(from);
  }

  /** Removes the first `count` bytes and gives them. */
  take(count: number): Buffer {
    const all = this.view();
    this.#parts = [];
    this.length = 0;
    this.push(all.subarray(count));
    return all.subarray(0, count);
  }
}

/** A timer that counts anew each time it is started. */
class Restartable {
  readonly #expired: () => void;
  #timer: NodeJS.Timeout | null = null;
  #duration = 0;

  constructor(expired: () => void) {
    this.#expired = expired;
  }

  start(milliseconds: number): void {
    if (this.#timer && milliseconds === this.#duration) {
      this.#timer.refresh();
      return;
    }
    this.stop();
    this.#duration = milliseconds;
    this.#timer = setTimeout(this.#expired, milliseconds);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

/** The handlers that a script hangs on one request, and the body that waits for one of them. */
export class RequestCallbacks {
  readonly #onMainThread: (callback: () => void) => void;
  #dataHandler: ((body: Buffer) => void) | null = null;
  #cancelHandler: (() => void) | null = null;
  #parked: Buffer | null = null;

  /** @param onMainThread runs a callback where scripts run, later. */
  constructor(onMainThread: (callback: () => void) => void) {
    this.#onMainThread = onMainThread;
  }

  setDataHandler(handler: (body: Buffer) => void): void {
    const body = this.#parked;
    this.#parked = null;
    if (body === null) this.#dataHandler = handler;
    // The script is on the main thread already, so FXServer calls back before setDataHandler returns.
    else handler(body);
  }

  setCancelHandler(handler: () => void): void {
    this.#cancelHandler = handler;
  }

  /** The whole body is there. It is kept for a handler that comes late, unless it came in chunks: FXServer drops those. */
  bodyArrived(body: Buffer, isChunked: boolean): void {
    const handler = this.#dataHandler;
    this.#dataHandler = null;
    if (handler !== null) this.#onMainThread(() => handler(body));
    else if (!isChunked) this.#parked = body;
  }

  /** The connection is gone. */
  connectionClosed(): void {
    const handler = this.#cancelHandler;
    this.#cancelHandler = null;
    if (handler) this.#onMainThread(handler);
  }

  /** The answer is out: nothing is left to cancel. */
  answered(): void {
    this.#cancelHandler = null;
  }
}
