import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import type { EventDispatcher } from './event-dispatcher.ts';
import { encode } from './msgpack.ts';
import type { RuntimeHost } from './types.ts';

interface Services {
  readonly events: Pick<EventDispatcher, 'queue'>;
  fatal(message: string): never;
  /** How long a server may keep silent, in milliseconds; FXServer waits 5 s. */
  readonly patienceMs?: number;
}

interface Asked {
  readonly url: URL;
  readonly method: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly followLocation: boolean;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly location: string | undefined;
}

/** As many redirections as FXServer's curl follows before it takes them for a circle. */
const MAX_REDIRECTIONS = 30;

/** The requests that scripts make through the server, as Lua's `PerformHttpRequest` does. */
export function createOutgoingRequests({ events, fatal, patienceMs = 5_000 }: Services) {
  const closing = new AbortController();
  let lastToken = 0;

  async function perform(asked: Asked, redirections = 0): Promise<Answer> {
    const answer = await request(asked, patienceMs, closing.signal);
    const { location } = answer;
    if (!asked.followLocation || location === undefined || answer.status < 300 || answer.status > 399) return answer;
    if (redirections === MAX_REDIRECTIONS)
      throw new Error('CURL error code 47 (Number of redirects hit maximum amount)');
    const url = new URL(location, asked.url);
    // Like a browser, curl asks for where it is sent; only 307 and 308 ask for the same again.
    const again = answer.status === 307 || answer.status === 308;
    return perform(
      again ? { ...asked, url } : { ...asked, url, method: 'GET', body: Buffer.alloc(0) },
      redirections + 1,
    );
  }

  return {
    natives: {
      PerformHttpRequestInternalEx(caller: RuntimeHost, described: unknown) {
        const token = ++lastToken;
        const answered = (...args: unknown[]) =>
          events.queue('__cfx_internal:httpResponse', encode([token, ...args]), '', caller.resource.name);
        const failed = (reason: string) => answered(0, null, {}, reason);
        const asked = readDescription(described, fatal);
        if (asked === null) failed('CURL error code 1 (Unsupported protocol)');
        else
          perform(asked).then(
            ({ status, body, headers }) =>
              status >= 400
                ? answered(status, null, headers, `HTTP ${status}: ${body}`)
                : answered(status, body, headers, null),
            (error: unknown) => {
              if (!closing.signal.aborted) failed((error as Error).message);
            },
          );
        return token;
      },
    },
    /** Breaks off what is under way; no script hears of it. */
    close: (): void => closing.abort(),
  };
}

/** @returns null when the address is none that can be asked */
function readDescription(described: unknown, fatal: (message: string) => never): Asked | null {
  const { url, method, data, headers, followLocation } = Object(described) as Record<string, unknown>;
  const parsed = URL.parse(String(url));
  if (parsed?.protocol === 'file:') fatal(`PerformHttpRequestInternalEx: ${url} would have ended FXServer`);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return null;
  return {
    url: parsed,
    method: String(method ?? 'GET'),
    body: Buffer.from(String(data ?? '')),
    headers: Object.fromEntries(Object.entries(Object(headers)).map(([name, value]) => [name, String(value)])),
    followLocation: followLocation === true,
  };
}

function request({ url, method, body, headers }: Asked, patienceMs: number, signal: AbortSignal): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const ofCurl = {
    'User-Agent': 'FXServer/PerformHttpRequest',
    ...(body.length > 0 && { 'Content-Length': body.length, 'Content-Type': 'application/x-www-form-urlencoded' }),
  };
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const added = Object.entries(ofCurl).filter(([name]) => !given.has(name.toLowerCase()));
  const outgoing = (url.protocol === 'https:' ? https : http).request(url, {
    method,
    headers: { ...Object.fromEntries(added), ...headers },
    agent: false,
    signal,
    // FXServer does not ask whose certificate it is.
    rejectUnauthorized: false,
  });
  const failed = (code: number, what: string) => reject(new Error(`CURL error code ${code} (${what})`));
  const patience = setTimeout(() => {
    failed(28, 'Timeout was reached');
    outgoing.destroy();
  }, patienceMs);
  outgoing.on('error', ({ message }) => failed(7, message));
  outgoing.on('close', () => clearTimeout(patience));
  outgoing.on('response', (incoming) => {
    clearTimeout(patience);
    incoming.on('error', ({ message }) => failed(56, message));
    const { statusCode: status = 0, headers: answerHeaders } = incoming;
    const head = { status, headers: headersOf(incoming), location: answerHeaders.location };
    text(incoming).then(
      (body) => resolve({ ...head, body }),
      () => {},
    );
  });
  outgoing.end(body);
  return promise;
}

/** In the server's spelling. */
function headersOf({ rawHeaders }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? '']] : [])));
}
