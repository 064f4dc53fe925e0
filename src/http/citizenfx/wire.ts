import { type OutgoingHttpHeaders, STATUS_CODES } from 'node:http';

/** A request as `SetHttpHandler` hands it over: a plain object, fresh for each request. */
export interface CfxRequest {
  /** TCP peer: `1.2.3.4:5`, `[2001:db8::1]:5` or `[::ffff:1.2.3.4]:5`. */
  readonly address: string;
  /** Names in the client's casing; of equal names the first came through, two casings are two entries. */
  readonly headers: Readonly<Record<string, string>>;
  readonly method: string;
  /** Without the resource's prefix, with the query, not decoded. */
  readonly path: string;
  setDataHandler(handler: (data: ArrayBuffer) => void, mode: 'binary'): void;
  setCancelHandler(handler: () => void): void;
}

/** What may be given to `CfxResponse.write` and `.send`. Everything else, Buffers included, kills the server process. */
type CfxBody = string | ArrayBuffer;

type CfxHeaders = Record<string, string | string[]>;

/** An answer as `SetHttpHandler` hands it over. */
export interface CfxResponse {
  /** The head goes out at once; only the first one counts. */
  writeHead(status: number, headers: CfxHeaders): void;
  write(data: CfxBody): void;
  /** Ends the answer. Once only, and never before `writeHead`. */
  send(data: CfxBody): void;
}

/** FXServer writes these itself, a second one would contradict it. */
const CONNECTION_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length']);

/**
 * Gives headers, which Node has checked for CR, LF and the like, the only types that FXServer survives: a string, or a
 * list of strings that makes a line each.
 *
 * @param length of the body in bytes; undefined lets FXServer chunk it. FXServer chunks every answer unless its head has
 *   `transfer-encoding: identity` (which it takes out again), also those that have no body, and the stray terminator of
 *   such a one would be read as the beginning of the next answer.
 */
export function toCfxHeaders(headers: OutgoingHttpHeaders, length: number | undefined): CfxHeaders {
  const result: CfxHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (CONNECTION_HEADERS.has(name)) continue;
    if (!Array.isArray(value)) result[name] = String(value);
    else if (value.length > 0) result[name] = value.map(String);
  }
  if (length !== undefined) {
    result['transfer-encoding'] = 'identity';
    result['content-length'] = String(length);
  }
  return result;
}

/**
 * A piece of a body as FXServer takes it: a copy, since the memory behind a Buffer is usually shared with others.
 *
 * @param encoding of a string, `utf8` unless given
 */
export function toArrayBuffer(chunk: string | Uint8Array, encoding?: BufferEncoding): ArrayBuffer {
  return new Uint8Array(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk).buffer;
}

/**
 * Answers with the status and its usual phrase, for when there is no response object or it is past use.
 *
 * @param method of the request: an answer to HEAD has no body.
 */
export function answerPlainly(response: CfxResponse, status: number, method: string | undefined): void {
  const text = STATUS_CODES[status] ?? String(status);
  response.writeHead(status, toCfxHeaders({ 'content-type': 'text/plain; charset=utf-8' }, text.length));
  response.send(method === 'HEAD' ? '' : text);
}
