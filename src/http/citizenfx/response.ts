import { type IncomingMessage, type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import process from 'node:process';
import { isUint8Array } from 'node:util/types';
import type { CitizenFxRequest } from './request.ts';
import { answerPlainly, type CfxResponse, toArrayBuffer, toCfxHeaders } from './wire.ts';

type Callback = (error?: Error | null) => void;
type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[];

/** What a response needs from the bridge it belongs to. */
interface ResponseOwner {
  /** The response needs nothing more from FXServer: answered, or the client has gone. */
  settled(response: CitizenFxResponse): void;
  /** An error that no `error` listener wanted. */
  report(error: unknown): void;
}

/**
 * An answer on the game port, as Koa and Node code expect one: Node's `ServerResponse` over a socket that takes nothing. Headers
 * are kept and checked by Node; what goes out goes to CitizenFX, whose own rules are in `wire.ts`.
 *
 * As in Node, `writeHead` is remembered, and sent with the first piece of the body: a body that is at hand whole makes one
 * CitizenFX `writeHead` and one `send`, with a Content-Length. There is no backpressure (FXServer keeps what it is given
 * in memory and does not tell), so `write` always gives true. FXServer chooses the reason phrase. Trailers are not sent.
 */
export class CitizenFxResponse extends ServerResponse {
  /** Null when nothing may be called on it anymore: `send` was, or the client is gone. */
  #original: CfxResponse | null;
  readonly #request: CitizenFxRequest;
  readonly #owner: ResponseOwner;
  #isHeadOut = false;
  /** Bytes still to come of a body whose length the head has told. */
  #remaining = Number.POSITIVE_INFINITY;

  constructor(request: CitizenFxRequest, original: CfxResponse, owner: ResponseOwner) {
    super(request as unknown as IncomingMessage);
    this.assignSocket(request.socket as unknown as Socket);
    this.#request = request;
    this.#original = original;
    this.#owner = owner;
  }

  override writeHead(status: number, reason?: string | Headers, headers?: Headers): this {
    const given = typeof reason === 'string' ? headers : reason;
    // Node does not keep headers that were given only here.
    if (given && !this.headersSent) keepHeaders(this, given);
    return typeof reason === 'string' ? super.writeHead(status, reason) : super.writeHead(status);
  }

  override flushHeaders(): void {
    if (!this.#isHeadOut && this.#original !== null) this.#sendHead(this.#original, undefined);
  }

  override write(chunk: unknown, encoding?: BufferEncoding | Callback, callback?: Callback): boolean {
    if (typeof encoding === 'function') return this.write(chunk, undefined, encoding);
    if (!isChunk(chunk)) return super.write(chunk); // throws what Node throws
    if (this.#original === null) {
      this.#refuseWrite(callback);
      return false;
    }
    this.flushHeaders();
    const piece = this.#fit(toArrayBuffer(chunk, encoding));
    if (piece.byteLength > 0) this.#original.write(piece);
    if (callback) process.nextTick(callback);
    return true;
  }

  override end(chunk?: unknown, encoding?: BufferEncoding | Callback, callback?: Callback): this {
    if (typeof chunk === 'function') return this.end(undefined, undefined, chunk as Callback);
    if (typeof encoding === 'function') return this.end(chunk, undefined, encoding);
    const last = chunk ?? '';
    if (!isChunk(last))
      super.write(last); // throws what Node throws
    else if (this.#original !== null) this.#end(this.#original, toArrayBuffer(last, encoding), callback);
    else if (last.length > 0 || !this.finished) this.#refuseWrite(callback);
    else if (callback && !this.closed) this.once('finish', callback);
    else if (callback) process.nextTick(callback, streamError('ERR_STREAM_ALREADY_FINISHED', 'end after finish'));
    return this;
  }

  /**
   * Gives up on the answer. FXServer cannot be told to drop a connection: without a head yet the client gets a 500,
   * otherwise the body ends where it is. `close` follows, `finish` does not.
   */
  override destroy(): this {
    return this.refuse(500);
  }

  /** As `destroy`, with another status. FXServer has been told all of it when this returns. */
  refuse(status: number): this {
    const original = this.#release();
    if (original === null) return this;
    this.destroyed = true;
    if (this.#isHeadOut) original.send('');
    else answerPlainly(original, status, this.req.method);
    process.nextTick(() => this.#close());
    return this;
  }

  /** The client is gone: nothing is sent anymore; the request is aborted, and `close` comes without `finish`. */
  abandon(): void {
    // The connection may close, and this be on its way to the main thread, just as the answer is given.
    if (this.#release() === null) return;
    this.#request.abort();
    this.#close();
  }

  #end(original: CfxResponse, last: ArrayBuffer, callback: Callback | undefined): void {
    if (!this.#isHeadOut) this.#sendHead(original, last.byteLength);
    const piece = this.#fit(last);
    this.finished = true;
    this.#release();
    original.send(piece);
    if (callback) this.once('finish', callback);
    process.nextTick(() => {
      this.emit('finish');
      this.#close();
    });
  }

  /** Tells the writer, as Node does, that nothing can be written anymore. */
  #refuseWrite(callback: Callback | undefined): void {
    // The client has gone, which no writer can help: only the callback learns of it.
    const isLate = this.finished;
    const error = isLate
      ? streamError('ERR_STREAM_WRITE_AFTER_END', 'write after end')
      : streamError('ERR_STREAM_DESTROYED', 'Cannot write after a response was destroyed');
    process.nextTick(() => {
      callback?.(error);
      if (!isLate) return;
      if (this.listenerCount('error') > 0) this.emit('error', error);
      else if (!callback) this.#owner.report(error);
    });
  }

  /** @param length of the whole body in bytes, when all of it is at hand. */
  #sendHead(original: CfxResponse, length: number | undefined): void {
    if (!this.headersSent) this.writeHead(this.statusCode);
    this.#isHeadOut = true;
    const told = this.#lengthToTell(length);
    this.#remaining = this.#isBodiless() ? 0 : (told ?? Number.POSITIVE_INFINITY);
    original.writeHead(this.statusCode, toCfxHeaders(this.getHeaders(), told));
  }

  #isBodiless(): boolean {
    const { statusCode } = this;
    return this.req.method === 'HEAD' || statusCode < 200 || statusCode === 204 || statusCode === 304;
  }

  /** @returns what the head says of the body's length in bytes; undefined lets FXServer chunk it */
  #lengthToTell(length: number | undefined): number | undefined {
    if (this.statusCode < 200 || this.statusCode === 204) return 0;
    const header = Number(this.getHeader('content-length') ?? Number.NaN);
    const declared = Number.isSafeInteger(header) && header >= 0 ? header : undefined;
    return this.#isBodiless() ? (declared ?? length ?? 0) : (length ?? declared);
  }

  /** Cuts a piece of the body to what the head has told: the rest would be read as the next answer. */
  #fit(piece: ArrayBuffer): ArrayBuffer {
    const fitting = piece.byteLength <= this.#remaining ? piece : piece.slice(0, this.#remaining);
    this.#remaining -= fitting.byteLength;
    if (fitting !== piece && !this.#isBodiless()) {
      const text = 'The body was longer than its Content-Length';
      this.#owner.report(streamError('ERR_HTTP_CONTENT_LENGTH_MISMATCH', text));
    }
    return fitting;
  }

  /** @returns what is to be answered a last time; null when it was already */
  #release(): CfxResponse | null {
    const original = this.#original;
    this.#original = null;
    if (original !== null) this.#owner.settled(this);
    return original;
  }

  #close(): void {
    // Node emits `close` of the response when its socket closes.
    this.#request.socket.destroy();
    this.#request.release();
  }
}

/** @returns whether Node takes it for a piece of a body */
function isChunk(value: unknown): value is string | Uint8Array {
  return typeof value === 'string' || isUint8Array(value);
}

/** An error as Node's own streams give it. */
function streamError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** Puts headers given to `writeHead` where those from `setHeader` are. */
function keepHeaders(response: ServerResponse, headers: Headers): void {
  if (!Array.isArray(headers)) {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value as string);
    return;
  }
  // Names and values by turns.
  const names = headers.filter((_, index) => index % 2 === 0).map(String);
  for (const name of names) response.removeHeader(name);
  for (const [index, name] of names.entries()) response.appendHeader(name, headers[index * 2 + 1] as string);
}
