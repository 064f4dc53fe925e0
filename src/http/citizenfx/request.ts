import { EventEmitter } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import process from 'node:process';
import { Readable } from 'node:stream';
import { IncomingMessage } from '@citizenfx/http-wrapper';
import { plainAddress, withoutBrackets } from '../../lib/addresses.ts';
import type { WholeBody, WholeBodyRequest } from '../../lib/body.ts';
import type { CfxRequest } from './wire.ts';

const EMPTY = Buffer.alloc(0);

/**
 * What `request.socket` and `response.socket` are for a request that came through FXServer, which shows scripts no socket: who is
 * at the other end, and whether it still is (`close`).
 */
class PeerSocket extends EventEmitter {
  /** FXServer does TLS on the game port too, but does not tell. */
  readonly encrypted = false;
  readonly writableLength = 0;
  readable = true;
  writable = true;
  destroyed = false;
  readonly #address: string;

  /** @param address as CitizenFX writes it: `1.2.3.4:5` or `[2001:db8::1]:5` */
  constructor(address: string) {
    super();
    this.#address = address;
  }

  /** An IPv4 peer has its IPv4 address, also when FXServer listens on `[::]` and names it `::ffff:1.2.3.4`. */
  get remoteAddress(): string {
    return plainAddress(withoutBrackets(this.#address.slice(0, this.#address.lastIndexOf(':'))));
  }

  get remotePort(): number {
    return Number.parseInt(this.#address.slice(this.#address.lastIndexOf(':') + 1), 10);
  }

  get remoteFamily(): 'IPv4' | 'IPv6' {
    return this.remoteAddress.includes(':') ? 'IPv6' : 'IPv4';
  }

  /** Takes the interim answers (100 to 103) that Node writes past the body: FXServer would take one for the final head. */
  write(): boolean {
    return true;
  }

  /** Marks the connection as gone. Closing it is not in a script's power. */
  destroy(): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.readable = false;
    this.writable = false;
    this.emit('close');
    return this;
  }
}

/**
 * A request on the game port, as Koa and Node code expect one.
 *
 * Built on `@citizenfx/http-wrapper`, of whose request this is corrected:
 * - `headers`: of two casings the first wins, as FXServer does with equal names (it sorts them, so the order in which they came
 *   is lost anyway). `rawHeaders` keeps the client's casing.
 * - `socket`: IPv6 peers are read (it prints an error for each request and gives 0.0.0.0), the port is a number, `encrypted` is
 *   false, and `close` is emitted.
 * - a request without a body ends: FXServer never calls a data handler then.
 * - the body is at hand whole (`readWhole`), and becomes a stream only when it is read as one.
 * - a chunked body that FXServer lost is an outcome of its own, an error (`ERR_BODY_LOST`) when read as a stream.
 * - `destroy` works. It ends this stream only: a script cannot close the connection, and can still answer.
 * - a client that goes away is seen: `aborted`, `error` (if listened to), `close`, as Node emits them.
 */
export class CitizenFxRequest extends IncomingMessage implements WholeBodyRequest {
  /** The body has arrived, or there is none. */
  complete: boolean;
  override readonly socket: PeerSocket;
  override readonly connection: PeerSocket;
  #isAnswered = false;
  /** What became of the body; null while it is still to come. */
  #outcome: WholeBody | null = null;
  #reader: ((outcome: WholeBody) => void) | null = null;
  #isStreamWanted = false;

  constructor(original: CfxRequest) {
    const { method, path, address } = original;
    // The wrapper's constructor would set a data handler even when none is ever called, and print about IPv6 addresses.
    super({ method, path, headers: {}, address: '0.0.0.0:0', setDataHandler: () => {} });
    this.socket = new PeerSocket(address);
    this.connection = this.socket;
    const headers: IncomingHttpHeaders = {};
    this.headers = headers;
    for (const [name, value] of Object.entries(original.headers)) {
      headers[name.toLowerCase()] ??= value;
      this.rawHeaders.push(name, value);
    }
    const isChunked = headers['transfer-encoding'] !== undefined;
    // FXServer reads the length as `atoi` does.
    this.complete = !isChunked && !(Number.parseInt(headers['content-length'] ?? '', 10) > 0);
    if (this.complete) this.#outcome = { status: 'whole', body: EMPTY };
    // Set at once: a chunked body is not kept for later. Called at most once, with all of the body.
    else original.setDataHandler((data) => this.#arrive(Buffer.from(data), isChunked), 'binary');
  }

  /**
   * Gives the whole body, without a stream, when it has arrived, the client has gone, or this request was destroyed. It may never
   * come: keep a deadline.
   *
   * @param done called once, possibly before this returns
   */
  readWhole(done: (outcome: WholeBody) => void): void {
    if (this.#outcome !== null) done(this.#outcome);
    else this.#reader = done;
  }

  /** The client went away before it was answered. */
  abort(): void {
    this.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
  }

  /** The answer is out: what has not been read no longer matters, which is no abort. */
  release(): void {
    this.#isAnswered = true;
    this.destroy();
  }

  override destroy(error?: Error): this {
    return Readable.prototype.destroy.call(this, error) as this;
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.#isAnswered && !(this.readableEnded && this.complete)) {
      this.aborted = true;
      this.emit('aborted');
    }
    this.#settle({ status: 'aborted' });
    // As Node does: without a listener, an error here would be an uncaught one.
    process.nextTick(callback, this.listenerCount('error') > 0 ? error : null);
  }

  override _read(): void {
    this.#isStreamWanted = true;
    this.#feed();
  }

  #arrive(body: Buffer, isChunked: boolean): void {
    // FXServer drops the bytes of the last TCP segment of a chunked body: if all came in one, none are left.
    const isLost = isChunked && body.length === 0;
    this.complete = !isLost;
    this.#settle(isLost ? { status: 'lost' } : { status: 'whole', body });
    if (this.#isStreamWanted) this.#feed();
  }

  #settle(outcome: WholeBody): void {
    if (this.#outcome !== null) return;
    this.#outcome = outcome;
    this.#reader?.(outcome);
  }

  #feed(): void {
    if (this.#outcome?.status === 'lost') {
      this.destroy(Object.assign(new Error('FXServer lost the chunked body'), { code: 'ERR_BODY_LOST' }));
    } else if (this.#outcome?.status === 'whole') {
      if (this.#outcome.body.length > 0) this.push(this.#outcome.body);
      this.push(null);
    }
  }
}
