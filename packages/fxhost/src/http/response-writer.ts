import { STATUS_CODES } from 'node:http';
import { type RequestHead, requestHeader } from './request-head.ts';

type HeaderValues = Readonly<Record<string, string | readonly string[]>>;

interface ResponseWriterOptions {
  readonly request: RequestHead;
  readonly closeAfter: boolean;
  send(bytes: Buffer): void;
  /** Called once, after the last byte. */
  ended(close: boolean): void;
}

const NOTHING = Buffer.alloc(0);
const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const CRLF = Buffer.from('\r\n');

export type ResponseWriter = ReturnType<typeof createResponseWriter>;

/**
 * Writes one answer with exactly FXServer's framing, right or wrong: 204, 304 and HEAD get a chunked body too. What
 * would end FXServer has been refused at the boundary that scripts are behind.
 */
export function createResponseWriter(options: ResponseWriterOptions) {
  const { request } = options;
  /** As FXServer keeps them: sorted, looked up without regard to case, several values possible. */
  const headers = new Map<string, { readonly name: string; readonly values: readonly string[] }>();
  let status = 200;
  let framed = false;
  let chunked = false;
  let headSent = false;
  let close = false;
  let ended = false;

  const setHeader = (name: string, value: string | readonly string[]) => {
    const values = typeof value === 'string' ? [value] : value;
    if (values.length > 0) headers.set(name.toLowerCase(), { name, values });
    else headers.delete(name.toLowerCase());
  };
  const setHead = (newStatus: number, values: HeaderValues) => {
    for (const [name, value] of Object.entries(values)) setHeader(name, value);
    status = newStatus;
  };

  const chooseFraming = (length: number) => {
    if (framed) return;
    framed = true;
    const isPlain =
      request.minorVersion === 0 ||
      requestHeader(request, 'host', '').includes('rockstargames.com') ||
      headers.get('transfer-encoding')?.values[0]?.includes('identity');
    if (isPlain) {
      if (!headers.has('content-length')) setHeader('Content-Length', String(length));
      headers.delete('transfer-encoding');
    } else {
      setHeader('Transfer-Encoding', 'chunked');
      headers.delete('content-length');
      chunked = true;
    }
  };

  const head = (length: number): Buffer => {
    if (headSent) return NOTHING;
    headSent = true;
    chooseFraming(length);
    // FXServer compares only as many characters as the client sent: an empty value or `keep` is keep-alive too.
    const wish = requestHeader(request, 'connection', 'keep-alive').toLowerCase();
    close = options.closeAfter || !'keep-alive'.startsWith(wish);
    const date = headers.has('date') ? '' : `Date: ${new Date().toUTCString()}\r\n`;
    const connection = `Connection: ${close ? 'close' : 'keep-alive'}\r\n`;
    const sorted = [...headers].sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = sorted.flatMap(([, { name, values }]) => values.map((value) => `${name}: ${value}\r\n`)).join('');
    return Buffer.from(`HTTP/1.1 ${status} ${reasonPhrase(status)}\r\n${date}${connection}${lines}\r\n`);
  };

  const piece = (data: Buffer): Buffer[] => {
    const start = head(data.length);
    if (!chunked) return [start, data];
    if (data.length === 0) return [start];
    return [start, Buffer.from(`${data.length.toString(16)}\r\n`), data, CRLF];
  };

  const send = (parts: Buffer[]) => {
    const bytes = Buffer.concat(parts);
    if (bytes.length > 0) options.send(bytes);
  };

  const end = (data?: Buffer) => {
    ended = true;
    const parts = data ? piece(data) : [];
    send(chunked ? [...parts, LAST_CHUNK] : parts);
    options.ended(close);
  };

  return {
    get ended(): boolean {
      return ended;
    },
    /** Sets status and headers and, unless the client speaks HTTP/1.0, sends the head. The first head sent wins. */
    writeHead(newStatus: number, values: HeaderValues): void {
      setHead(newStatus, values);
      if (request.minorVersion !== 0) send([head(0)]);
    },
    /** Sends a piece of the body, after a head of its own if there was none. */
    write: (data: Buffer): void => send(piece(data)),
    /** Without data and before any head this sends nothing at all, like FXServer. */
    end,
    /** An answer of the server itself. */
    reply(newStatus: number, values: HeaderValues, body: Buffer): void {
      setHead(newStatus, values);
      end(body);
    },
  };
}

// Where FXServer says something else than Node.
const OLDER_WORDING: Readonly<Record<number, string>> = {
  408: 'Request Time-out',
  413: 'Request Entity Too Large',
  414: 'Request-URI Too Large',
  416: 'Requested Range not Satisfiable',
  504: 'Gateway Time-out',
  505: 'HTTP Version not Supported',
};

const KNOWN = /^(?:10[01]|20[0-6]|30[0-57]|40\d|41[0-7]|422|429|50[0-5])$/;

/** The words after the status code; empty for codes that FXServer has none for, such as 308, 418 or 451. */
function reasonPhrase(status: number): string {
  return KNOWN.test(String(status)) ? (OLDER_WORDING[status] ?? STATUS_CODES[status] ?? '') : '';
}
