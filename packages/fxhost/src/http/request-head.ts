/**
 * The request line and headers, read as leniently and as strictly as FXServer's parser does (picohttpparser:
 * https://github.com/h2o/picohttpparser). Text is kept as latin1, one character a byte.
 */

/** In the order sent; a folded line has the empty name, as in FXServer. */
type HeaderEntry = readonly [name: string, value: string];

export interface RequestHead {
  readonly method: string;
  readonly target: string;
  /** 0 for HTTP/1.0, 1 for HTTP/1.1; any digit is accepted. */
  readonly minorVersion: number;
  readonly headers: readonly HeaderEntry[];
}

type ParsedHead =
  | { readonly kind: 'complete'; readonly head: RequestHead; readonly length: number }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'malformed' };

const MAX_HEADERS = 50;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const CONTROL_OR_SPACE = /[\x00-\x20\x7f]/;
const CONTROL_BUT_TAB = /[\x00-\x08\x0a-\x1f\x7f]/;
const INCOMPLETE: ParsedHead = { kind: 'incomplete' };
const MALFORMED: ParsedHead = { kind: 'malformed' };

/**
 * Parses the head at the start of `bytes`.
 * @param seen how many of the bytes an earlier call has looked at. When not 0, a mistake is reported only once the head
 *   is whole; the first bytes of a request are checked as they come.
 */
export function parseRequestHead(bytes: Buffer, seen: number): ParsedHead {
  const text = bytes.toString('latin1');
  const start = /^\r?\n/.exec(text)?.[0].length ?? 0;
  // What is behind the last line end is no line yet.
  const pieces = text.slice(start).split('\n');
  const lines = pieces.slice(0, -1).map((piece) => piece.replace(/\r$/, ''));
  if (seen > 0 && !lines.includes('')) return INCOMPLETE;

  const [requestLine, ...headerLines] = lines;
  if (requestLine === undefined) return startIsPlausible(text.slice(start)) ? INCOMPLETE : MALFORMED;
  const request = parseRequestLine(requestLine);
  if (request === null) return MALFORMED;

  const headers: HeaderEntry[] = [];
  for (const line of headerLines) {
    if (line === '') {
      const head = pieces.slice(0, 1 + headers.length + 1).join('\n');
      return { kind: 'complete', head: { ...request, headers }, length: start + head.length + 1 };
    }
    const entry = headers.length < MAX_HEADERS ? parseHeaderLine(line, headers.length === 0) : null;
    if (entry === null) return MALFORMED;
    headers.push(entry);
  }
  return INCOMPLETE;
}

function parseRequestLine(line: string): Omit<RequestHead, 'headers'> | null {
  const [method = '', target = '', version = '', ...more] = line.split(/ +/);
  const minor = /^HTTP\/1\.([0-9])$/.exec(version)?.[1];
  if (minor === undefined || more.length > 0 || !TOKEN.test(method)) return null;
  if (target === '' || CONTROL_OR_SPACE.test(target)) return null;
  return { method, target, minorVersion: Number(minor) };
}

function parseHeaderLine(line: string, first: boolean): HeaderEntry | null {
  const folded = line.startsWith(' ') || line.startsWith('\t');
  if (folded && first) return null;
  const colon = folded ? -1 : line.indexOf(':');
  const name = folded ? '' : line.slice(0, Math.max(0, colon));
  if (!folded && !TOKEN.test(name)) return null;
  const value = line.slice(colon + 1);
  return CONTROL_BUT_TAB.test(value) ? null : [name, value.replace(/^[ \t]+|[ \t]+$/g, '')];
}

function startIsPlausible(text: string): boolean {
  const space = text.indexOf(' ');
  if (space === -1) return text === '' || text === '\r' || TOKEN.test(text);
  return TOKEN.test(text.slice(0, space));
}

/** The first value of a request header, found without regard to case. */
export function requestHeader(request: RequestHead, name: string, fallback: string): string {
  return request.headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? fallback;
}

/**
 * Headers as a script gets them: names in the client's casing, ordered bytewise, the first of equal names wins,
 * bytes read as UTF-8.
 */
export function scriptHeaders(request: RequestHead): Record<string, string> {
  const sorted = [...request.headers].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of sorted) {
    if (!(name in headers)) headers[name] = latin1AsUtf8(value);
  }
  return headers;
}

/** Reads text of one character a byte as the UTF-8 that it is; invalid bytes become U+FFFD. */
export function latin1AsUtf8(text: string): string {
  return /[\x80-\xff]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text;
}

/** What the first bytes of a connection on the game port are taken for. */
type Sniffed = 'http' | 'undecided' | 'unknown';

const MAX_FIRST_LINE = 4096;
const MAX_METHOD = 64;
const CR = 13;
const LF = 10;

/**
 * FXServer serves several protocols on one port and looks at the first line before any of them sees a byte. TLS, which
 * it accepts too, is not offered here.
 */
export function sniffProtocol(bytes: Buffer): Sniffed {
  if (bytes.length === 0) return 'undecided';
  const start = bytes.toString('latin1', 0, MAX_METHOD + 1);
  if (!/^[A-Z][A-Z-]*( |$)/.test(start) || (start.length > MAX_METHOD && !start.includes(' '))) return 'unknown';
  const end = bytes.subarray(0, MAX_FIRST_LINE).indexOf(CR);
  if (end === -1) return bytes.length < MAX_FIRST_LINE ? 'undecided' : 'unknown';
  if (end + 1 === bytes.length) return 'undecided';
  const version = bytes.toString('latin1', Math.max(0, end - 8), end);
  return bytes[end + 1] === LF && /^HTTP\/[0-9]\.[0-9]$/.test(version) ? 'http' : 'unknown';
}
