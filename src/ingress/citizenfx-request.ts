import type { IncomingHttpHeaders } from 'node:http';
import process from 'node:process';
import { Readable } from 'node:stream';
import { clearTimeout, setTimeout } from 'node:timers';
import { IncomingMessage, type WrappedRequest } from '@citizenfx/http-wrapper';
import type { CfxRequest } from './citizenfx-http.ts';
import { PeerSocket } from './peer-socket.ts';
import type { WholeBodyRequest } from './read-body.ts';

const EMPTY = Buffer.alloc(0);

type BodyReader = Parameters<WholeBodyRequest['readWhole']>[0];

/**
 * A request on the game port, as Koa and Node code expect one.
 *
 * Built on `@citizenfx/http-wrapper`, of whose request this is corrected:
 * - `headers`: its loop copies all headers for each one. Names are lower-cased here in one pass; of two casings the first
 *   wins, as FXServer does with equal names (it sorts them, so the order in which they came is lost anyway).
 * - `rawHeaders` keeps the client's casing; `headersDistinct`, `trailersDistinct`, `complete` and `upgrade` exist.
 * - `socket`, `connection`: IPv6 peers are read (it prints an error for each request and gives 0.0.0.0), mapped IPv4
 *   addresses are unmapped, the port is a number, `encrypted` is false, and `close` is emitted.
 * - a request without a body ends: FXServer never calls a data handler then, so none is set.
 * - the body is at hand whole (`readWhole`), and becomes a stream only when somebody reads it as one.
 * - a chunked body that FXServer lost is an outcome of its own, an error when read as a stream.
 * - `destroy` works. It ends this stream only: a script cannot close the connection, and can still answer.
 * - a client that goes away is seen: `aborted`, `error` (if listened to), `close`, as Node emits them.
 * - `setTimeout` uses a real timer instead of FXServer's 50 ms ticks, emits `timeout`, and is over when the request is.
 */
export class CitizenFxRequest extends IncomingMessage implements WholeBodyRequest {
  /** The body has arrived, or there is none. */
  complete: boolean;
  /** Bytes that the body has, as the client says; 0 when it does not. */
  readonly announced: number;
  readonly upgrade = false;
  readonly #original: CfxRequest;
  #body: Buffer | null = null;
  #lost = false;
  #streamWanted = false;
  #answered = false;
  #reader: BodyReader | null = null;
  #timer: NodeJS.Timeout | null = null;
  #socket: PeerSocket | null = null;

  constructor(original: CfxRequest) {
    super(withoutHeaders(original));
    this.#original = original;
    this.setTimeout = setRequestTimeout;

    const headers: IncomingHttpHeaders = this.headers;
    const rawHeaders = this.rawHeaders;
    let announced = 0;
    let chunked = false;
    for (const name in original.headers) {
      const value = original.headers[name];
      if (value === undefined) continue;
      const lower = name.toLowerCase();
      rawHeaders.push(name, value);
      if (!Object.hasOwn(headers, lower)) headers[lower] = value;
      // FXServer reads the number as atoi does, and calls the data handler only when it is positive.
      if (lower === 'content-length') announced ||= Math.max(0, Number.parseInt(value, 10) || 0);
      else if (lower === 'transfer-encoding') chunked = true;
    }

    this.announced = announced;
    this.complete = announced === 0 && !chunked;
    if (this.complete) this.#body = EMPTY;
    // Set at once: a chunked body is not kept for later. Called at most once, with all of the body, of which the Buffer is a view.
    else original.setDataHandler((data) => this.#arrive(Buffer.from(data), chunked), 'binary');
  }

  /**
   * Gives the whole body, without a stream: before this returns, when it is there already or none is to come, otherwise
   * when it has arrived, the client has gone, or this request was destroyed. It may never come: keep a deadline.
   *
   * @param done called at most once.
   * @throws when somebody waits already.
   */
  readWhole(done: BodyReader): void {
    if (this.#reader !== null) throw new Error('the body of this request is already being waited for');
    if (this.#body !== null) done({ status: 'whole', body: this.#body });
    else if (this.#lost) done({ status: 'lost' });
    else if (this.destroyed) done({ status: 'aborted' });
    else this.#reader = done;
  }

  /** The client went away before it was answered. */
  abort(): void {
    this.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
  }

  /** The answer is out: what has not been read no longer matters to anybody, which is no abort. */
  release(): void {
    this.#answered = true;
    this.#clearTimer();
    if (this.listenerCount('close') > 0) this.destroy();
  }

  override get socket(): PeerSocket {
    this.#socket ??= new PeerSocket(this.#original.address);
    return this.#socket;
  }

  /** Ignored: the wrapper's constructor assigns its own, wrong for IPv6, before ours can be made. */
  override set socket(_value: unknown) {}

  override get connection(): PeerSocket | undefined {
    // The wrapper's constructor reads back what it assigned, before the fields of this class exist.
    return #socket in this ? this.socket : undefined;
  }

  /** Ignored, as with `socket`. */
  override set connection(_value: unknown) {}

  get headersDistinct(): NodeJS.Dict<string[]> {
    return Object.fromEntries(Object.entries(this.headers).map(([name, value]) => [name, [value].flat() as string[]]));
  }

  get trailersDistinct(): NodeJS.Dict<string[]> {
    return {};
  }

  override _read(): void {
    this.#streamWanted = true;
    this.#feed();
  }

  override destroy(error?: Error): this {
    return Readable.prototype.destroy.call(this, error) as this;
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#clearTimer();
    if (!this.#answered && !(this.readableEnded && this.complete)) {
      this.aborted = true;
      this.emit('aborted');
    }
    this.#tell({ status: 'aborted' });
    // As Node does: without a listener, an error here would be an uncaught one.
    process.nextTick(callback, this.listenerCount('error') > 0 ? error : null);
  }

  /** @internal for `setTimeout`, which the wrapper's constructor makes an own property. */
  replaceTimer(timer: NodeJS.Timeout | null): void {
    this.#clearTimer();
    this.#timer = timer;
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #arrive(body: Buffer, chunked: boolean): void {
    // FXServer drops the bytes of the last TCP segment of a chunked body: if all came in one, none are left.
    this.#lost = chunked && body.length === 0;
    this.complete = !this.#lost;
    if (!this.#lost) this.#body = body;
    this.#tell(this.#lost ? { status: 'lost' } : { status: 'whole', body });
    if (this.#streamWanted) this.#feed();
  }

  #tell(outcome: Parameters<BodyReader>[0]): void {
    const reader = this.#reader;
    this.#reader = null;
    reader?.(outcome);
  }

  #feed(): void {
    if (this.#lost) {
      this.destroy(Object.assign(new Error('FXServer lost the chunked body'), { code: 'ERR_BODY_LOST' }));
    } else if (this.#body !== null) {
      if (this.#body.length > 0) this.push(this.#body);
      this.push(null);
    }
  }
}

/** What the wrapper's constructor may see: it would copy headers, print about IPv6 and set a data handler otherwise. */
function withoutHeaders(original: CfxRequest): WrappedRequest {
  return {
    address: '0.0.0.0:0',
    headers: {},
    method: original.method,
    path: original.path,
    setDataHandler: ignoreDataHandler,
  };
}

function ignoreDataHandler(): void {}

function setRequestTimeout(this: CitizenFxRequest, milliseconds: number, callback?: () => void): CitizenFxRequest {
  if (callback) this.once('timeout', callback);
  this.replaceTimer(milliseconds > 0 ? setTimeout(() => this.emit('timeout'), milliseconds) : null);
  return this;
}
