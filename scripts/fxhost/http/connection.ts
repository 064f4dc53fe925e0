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

export interface ConnectionOptions {
  readonly timeouts: TimeoutSettings;
  fatal(message: string): never;
  onMainThread(callback: () => void): void;
  /** Routes a request. It may answer at once, or queue a script's handler with `onMainThread`. */
  handle(transaction: Transaction): void;
}

const MAX_BUFFERED = 5 * 1024 * 1024;
const MAX_PIPELINE = 10;
const NOTHING = Buffer.alloc(0);

/**
 * Serves one TCP connection. The order of things below is the order in FXServer, because the faults that a resource has
 * to live with come from it: which bytes a chunked body loses, what a body sent to a missing route does to the
 * connection, when a pipelined request stalls, which answer closes the connection.
 *
 * @returns closes the connection at once
 */
export function serveConnection(socket: Socket, options: ConnectionOptions): () => void {
  const received = createByteQueue();
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
    timers.stop();
    destroy();
    current?.connectionClosed();
    current = null;
  };
  const timers = createConnectionTimers(options.timeouts, () => close());

  const respondTo = (request: RequestHead, callbacks: RequestCallbacks): ResponseWriter =>
    createResponseWriter({
      request,
      closeAfter: pipelineLength > MAX_PIPELINE,
      fatal: options.fatal,
      send(bytes) {
        if (state === 'closed') return;
        timers.wrote();
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
    timers.headParsed();
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
      decoder = createChunkedDecoder();
      fed = 0;
      decoded = [];
    }
  };

  const readBody = (): boolean => {
    if (received.length < contentLength) return false;
    state = 'request';
    current?.bodyArrived(received.take(contentLength));
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
    current?.chunkedBodyArrived(Buffer.concat(decoded));
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
    timers.read();
    advance(data);
  });
  // A half-closed connection is a closed one for FXServer.
  socket.on('end', () => close());
  socket.on('error', () => close());
  socket.on('close', () => close());
  timers.read();

  return () => {
    close();
    // An answer that asked for the connection to close may still be waiting for the client to read it.
    socket.destroy();
  };
}

/** Bytes received and not yet used up. Joined only when somebody looks, so a 5 MiB body costs one copy. */
export interface ByteQueue {
  readonly length: number;
  push(bytes: Buffer): void;
  /** The queued bytes, from `from` on. Valid until the next call. */
  view(from?: number): Buffer;
  /** Removes the first `count` bytes and gives them. */
  take(count: number): Buffer;
}

export function createByteQueue(): ByteQueue {
  let parts: Buffer[] = [];
  let length = 0;

  const joined = (): Buffer => {
    const [first] = parts;
    if (parts.length === 1 && first) return first;
    const all = Buffer.concat(parts, length);
    parts = [all];
    return all;
  };

  return {
    get length() {
      return length;
    },
    push(bytes) {
      if (bytes.length === 0) return;
      parts.push(bytes);
      length += bytes.length;
    },
    view(from = 0) {
      return joined().subarray(from);
    },
    take(count) {
      const all = joined();
      const rest = all.subarray(count);
      parts = rest.length > 0 ? [rest] : [];
      length = rest.length;
      return all.subarray(0, count);
    },
  };
}

/** Milliseconds, read anew whenever a timer starts. */
export interface TimeoutSettings {
  idle(): number;
  handler(): number;
}

export interface ConnectionTimers {
  read(): void;
  headParsed(): void;
  wrote(): void;
  stop(): void;
}

// Armed by the first write and never stopped: a request on a reused connection has no more than this.
const SINCE_LAST_WRITE = 30_000;

/**
 * Decides when a connection is closed for silence, as FXServer does: the long time that a handler gets begins when the
 * head has been read and is lost again with the next segment or write.
 */
export function createConnectionTimers(settings: TimeoutSettings, expired: () => void): ConnectionTimers {
  const activity = createRestartable(expired);
  const writing = createRestartable(expired);

  return {
    read: () => activity.start(settings.idle()),
    headParsed: () => activity.start(settings.handler()),
    wrote() {
      activity.start(settings.idle());
      writing.start(SINCE_LAST_WRITE);
    },
    stop() {
      activity.stop();
      writing.stop();
    },
  };
}

function createRestartable(expired: () => void) {
  let timer: NodeJS.Timeout | null = null;
  let duration = 0;
  const stop = () => {
    if (timer) clearTimeout(timer);
    timer = null;
  };

  return {
    stop,
    start(milliseconds: number) {
      if (timer && milliseconds === duration) {
        timer.refresh();
        return;
      }
      stop();
      duration = milliseconds;
      timer = setTimeout(expired, milliseconds);
    },
  };
}

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
