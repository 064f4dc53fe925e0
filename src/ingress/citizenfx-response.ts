import { type IncomingMessage, ServerResponse } from 'node:http';
import process from 'node:process';
import { answerPlainly, type CfxBody, type CfxResponse, toCfxBody, toCfxHeaders } from './citizenfx-http.ts';
import type { CitizenFxRequest } from './citizenfx-request.ts';
import type { TextAnswering } from './event-answers.ts';
import { type HeaderArgument, isChunk, isStatus, keepHeaders, streamError } from './response-arguments.ts';
import { cutToLength, hasNoBody, lengthToTell } from './told-length.ts';

type Callback = (error?: Error | null) => void;

/** What a response needs from the bridge it belongs to. */
export interface ResponseOwner {
  /** The response needs nothing more from FXServer: answered, or nobody is left to answer. */
  settled(response: CitizenFxResponse): void;
  /** An error that neither a callback nor an `error` listener wanted. */
  report(error: unknown): void;
}

/**
 * An answer on the game port, as Koa and Node code expect one: Node's `ServerResponse` that never gets a socket. Headers
 * are kept and checked by Node; what goes out goes to CitizenFX, whose own rules are in `citizenfx-http.ts`.
 *
 * As in Node, `writeHead` is remembered, and sent with the first piece of the body: `writeHead` and `end` make one
 * CitizenFX `writeHead` and one `send`, with a Content-Length. There is no backpressure (FXServer keeps what it is given
 * in memory and does not tell), so `write` always gives true. FXServer chooses the reason phrase. Trailers are not sent.
 */
export class CitizenFxResponse extends ServerResponse implements TextAnswering {
  // Node's own names, read by `stream.finished` and by `setHeader` ("Cannot set headers after they are sent").
  declare private _closed: boolean;
  declare private _header: string | null;
  /** Null when nothing may be called on it anymore: `send` was, or the client is gone. */
  #original: CfxResponse | null;
  readonly #request: CitizenFxRequest;
  readonly #owner: ResponseOwner;
  #headOut = false;
  /** Bytes still to come of a body whose length the head has told. */
  #remaining = Number.POSITIVE_INFINITY;
  #bodiless: boolean;
  #finishEmitted = false;

  constructor(request: CitizenFxRequest, original: CfxResponse, owner: ResponseOwner) {
    super(request as unknown as IncomingMessage);
    this.#request = request;
    this.#original = original;
    this.#owner = owner;
    this.#bodiless = request.method === 'HEAD';
  }

  /** Whether FXServer still waits for this answer. */
  get pending(): boolean {
    return this.#original !== null;
  }

  override writeHead(status: number, reason?: string | HeaderArgument, headers?: HeaderArgument): this {
    const given = typeof reason === 'string' ? headers : (reason ?? headers);
    // Node forgets headers that were only given here.
    if (given && !this.headersSent) keepHeaders(this, given);
    if (typeof reason === 'string') super.writeHead(status, reason);
    else super.writeHead(status);
    this.#settleHead();
    return this;
  }

  override flushHeaders(): void {
    if (this.#original !== null) this.#sendHead(this.#original, undefined);
  }

  override write(chunk: unknown, encoding?: BufferEncoding | Callback, callback?: Callback): boolean {
    if (typeof encoding === 'function') return this.write(chunk, undefined, encoding);
    if (!isChunk(chunk)) return super.write(chunk); // throws what Node throws
    const original = this.#writable(callback);
    if (original === null) return false;
    this.#sendHead(original, undefined);
    const piece = this.#cut(chunk, encoding);
    if (piece !== '') original.write(piece);
    if (callback) process.nextTick(callback);
    return true;
  }

  override end(chunk?: unknown, encoding?: BufferEncoding | Callback, callback?: Callback): this {
    if (typeof chunk === 'function') return this.end(undefined, undefined, chunk as Callback);
    if (typeof encoding === 'function') return this.end(chunk, undefined, encoding);
    const body = chunk === undefined || chunk === null ? '' : chunk;
    if (!isChunk(body)) {
      super.write(body); // throws what Node throws
      return this;
    }
    if (this.finished && body.length === 0) {
      this.#endAgain(callback);
      return this;
    }
    const original = this.#writable(callback);
    if (original === null) return this;

    const known = this.#headOut ? null : toCfxBody(body, encoding);
    this.#sendHead(original, known?.length ?? 0);
    const last = this.#bodiless ? '' : (known?.data ?? this.#cut(body, encoding));
    if (callback) this.once('finish', callback);
    this.#sendLast(original, last);
    return this;
  }

  /** See `TextAnswering`: as the three calls it stands for, at a third of the time. */
  answerText(status: number, contentType: string, text: string): void {
    const original = this.#original;
    this.statusCode = status;
    if (original === null || this.headersSent || this.#bodiless || this.getHeaderNames().length > 0) {
      this.setHeader('Content-Type', contentType);
      this.end(text);
      return;
    }
    const { data, length } = toCfxBody(text);
    this._header = 'not written as text';
    this.#headOut = true;
    original.writeHead(status, toCfxHeaders({ 'content-type': contentType }, length));
    this.#sendLast(original, data);
  }

  /**
   * Gives up on the answer. FXServer cannot be told to drop a connection: without a head yet the client gets a 500,
   * otherwise the body ends where it is. `close` follows, `finish` does not.
   */
  override destroy(error?: Error): this {
    return this.refuse(500, error);
  }

  /** As `destroy`, with another status. FXServer has been told all of it when this returns. */
  refuse(status: number, error?: Error): this {
    super.destroy(error);
    const original = this.#original;
    if (original === null) return this;
    this.#release();
    if (this.#headOut) original.send('');
    else answerPlainly(original, status, this.req.method);
    this.#headOut = true;
    this._header ??= 'sent as a refusal';
    process.nextTick(CitizenFxResponse.#close, this);
    return this;
  }

  /** The client is gone: nothing is sent anymore; the request is aborted, and `close` comes without `finish`. */
  abandon(): void {
    // The connection may close, and this be on its way to the main thread, just as the answer is given.
    if (!this.pending) return;
    this.#release();
    super.destroy();
    this.#request.abort();
    CitizenFxResponse.#close(this);
  }

  /** No interim answers: FXServer would take one for the final head. */
  override writeContinue(callback?: () => void): void {
    if (callback) process.nextTick(callback);
  }

  override writeProcessing(callback?: () => void): void {
    if (callback) process.nextTick(callback);
  }

  override writeEarlyHints(_hints: Record<string, string | string[]>, callback?: () => void): void {
    if (callback) process.nextTick(callback);
  }

  #settleHead(): void {
    if (hasNoBody(this.statusCode)) this.#bodiless = true;
  }

  /** @param length of the whole body in bytes, when all of it is at hand. */
  #sendHead(original: CfxResponse, length: number | undefined): void {
    if (this.#headOut) return;
    if (!this.headersSent) {
      // Not by `writeHead`: Node would write the text of a head that nobody reads. The headers were checked as they were set.
      if (!isStatus(this.statusCode)) this.writeHead(this.statusCode); // throws what Node throws
      this._header = 'not written as text';
      this.#settleHead();
    }
    this.#headOut = true;
    const told = lengthToTell(this, this.#bodiless, length);
    this.#remaining = told ?? Number.POSITIVE_INFINITY;
    original.writeHead(this.statusCode, toCfxHeaders(this.getHeaders(), told));
  }

  /** The piece as FXServer takes it: nothing of a body that is not sent, and no more than the head has told. */
  #cut(chunk: string | Uint8Array, encoding: BufferEncoding | undefined): CfxBody {
    if (this.#bodiless) return '';
    const { data, remaining } = cutToLength(chunk, encoding, this.#remaining);
    this.#remaining = Math.max(remaining, 0);
    if (remaining < 0) {
      const text = 'The body was longer than its Content-Length';
      this.#owner.report(streamError('ERR_HTTP_CONTENT_LENGTH_MISMATCH', text));
    }
    return data;
  }

  /** What to write to, or null, and then the error is on its way to where Node would send it. */
  #writable(callback: Callback | undefined): CfxResponse | null {
    if (this.#original !== null) return this.#original;
    const error = this.finished
      ? streamError('ERR_STREAM_WRITE_AFTER_END', 'write after end')
      : streamError('ERR_STREAM_DESTROYED', 'Cannot write after a response was destroyed');
    process.nextTick(() => {
      callback?.(error);
      if (!this.finished) return; // The client has gone, which no writer can help: Node is silent too.
      if (!this.destroyed && this.listenerCount('error') > 0) this.emit('error', error);
      else if (!callback) this.#owner.report(error);
    });
    return null;
  }

  #sendLast(original: CfxResponse, last: CfxBody): void {
    this.finished = true;
    this.#release();
    original.send(last);
    process.nextTick(CitizenFxResponse.#finish, this);
  }

  #endAgain(callback: Callback | undefined): void {
    if (!callback) return;
    if (!this.#finishEmitted) this.once('finish', callback);
    else
      process.nextTick(
        callback,
        streamError('ERR_STREAM_ALREADY_FINISHED', 'Cannot call end after a stream was finished'),
      );
  }

  #release(): void {
    this.#original = null;
    this.#owner.settled(this);
  }

  static #finish(response: CitizenFxResponse): void {
    response.#finishEmitted = true;
    if (response.listenerCount('finish') === 0) {
      CitizenFxResponse.#close(response);
      return;
    }
    process.nextTick(CitizenFxResponse.#close, response);
    response.emit('finish');
  }

  static #close(response: CitizenFxResponse): void {
    response.destroyed = true;
    response._closed = true;
    // Without a socket, on-finished and Node's own `destroy` wait for one, in order to learn of its end.
    if (!response.finished) response.emit('socket', response.#request.socket);
    response.emit('close');
    response.#request.release();
  }
}
