import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { NameLookup } from '../../events/catalogue/description.ts';
import { refusedAddress } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import { ADDRESS_REFUSED, HostLookup, type SystemLookup } from '../../lib/host-lookup.ts';
import { retryAfterMs } from '../../lib/http-request.ts';
import type { Attempt, AttemptResult, AttemptWatcher, Send, Target } from '../delivery.ts';
import { requestHeaders } from '../signed-headers.ts';
import { toDiscordMessage } from './discord-message.ts';
import { readEvent } from './read-event.ts';

interface HttpSendingOptions extends NameLookup {
  /** The resource's, for the `User-Agent`. */
  readonly version: string;
  readonly clock: Clock;
  /** Stands in for `dns.lookup`. */
  readonly lookup?: SystemLookup;
}

/** The answers that matter are a few words. */
const MAX_ANSWER_BYTES = 4 * 1024;
/** Answers that only say that another one will follow: their flood would hold the game's thread. */
const MAX_INTERIM = 100;
/** A connection that the target closed just as the request went out over it. */
const STALE_CODES: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/**
 * Sends over `node:http`, not `fetch`: fetch cannot tell whether a request went out, and has no say in where a name
 * leads. Redirects are answers like any other. Never sends to an address that `refusedAddress` refuses.
 */
export class HttpSending {
  readonly #options: HttpSendingOptions;
  readonly #hosts: HostLookup;
  readonly #agents = new TargetAgents();

  constructor(options: HttpSendingOptions) {
    const { clock, lookup } = options;
    this.#options = options;
    this.#hosts = new HostLookup({ clock, lookup, isRefused: (address) => refusedAddress(address) !== null });
  }

  readonly send: Send = (attempt, deadlineMs, watcher) => {
    const { clock } = this.#options;
    const request = new AttemptRequest(attempt, watcher, this.#options);
    request.limit(deadlineMs);
    const url = new URL(attempt.target.url);
    if (refusedAddress(url.hostname) !== null) clock.soon(() => request.fail(ADDRESS_REFUSED));
    else request.start(url, this.#agents.of(attempt.target), this.#hosts.forRequests);
    return () => {
      request.callOff(true);
    };
  };

  /** Closes every connection: attempts under way fail. */
  close(): void {
    this.#agents.close();
  }
}

/**
 * One attempt over HTTP. It is made twice if the target closes a kept connection just as the request goes out over
 * it.
 */
class AttemptRequest {
  readonly #attempt: Attempt;
  readonly #watcher: AttemptWatcher;
  readonly #options: HttpSendingOptions;
  readonly #startedAt: number;
  #isOver = false;
  #isWritten = false;
  #isSent = false;
  #request: http.ClientRequest | null = null;
  #response: http.IncomingMessage | null = null;
  readonly #answer: Buffer[] = [];
  #stopWaiting: () => void = () => {};

  constructor(attempt: Attempt, watcher: AttemptWatcher, options: HttpSendingOptions) {
    this.#attempt = attempt;
    this.#watcher = watcher;
    this.#options = options;
    this.#startedAt = options.clock.monotonic();
  }

  limit(deadlineMs: number): void {
    this.#stopWaiting = this.#options.clock.after(deadlineMs, () => {
      if (this.#response !== null) this.#answered(this.#response);
      else this.#end({ kind: 'timeout', requestSent: this.#isSent, ms: this.#elapsedMs() });
    });
  }

  start(url: URL, agent: http.Agent, lookup: LookupFunction): void {
    try {
      this.#send(url, requestBody(this.#attempt, this.#options), agent, lookup, false);
    } catch (error) {
      this.#failSoon(error);
    }
  }

  /** @returns false when it was over already */
  callOff(closeConnection: boolean): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#stopWaiting();
    if (closeConnection) this.#request?.destroy();
    return true;
  }

  fail(code: string): void {
    this.#end({ kind: 'failed', code, certificate: isCertificateCode(code), ms: this.#elapsedMs() });
  }

  #send(url: URL, body: Buffer, agent: http.Agent, lookup: LookupFunction, isSecondTry: boolean): void {
    const { clock, version } = this.#options;
    const headers = requestHeaders(this.#attempt, body, clock.now(), version);
    const client = url.protocol === 'https:' ? https : http;
    const request = client.request(url, { method: 'POST', headers, agent, lookup });
    this.#request = request;
    this.#isSent = false;
    const isCurrent = () => !this.#isOver && request === this.#request;
    request.on('finish', () => {
      if (isCurrent()) this.#written();
    });
    let interim = 0;
    request.on('information', () => {
      interim += 1;
      if (interim > MAX_INTERIM) this.fail('NO_FINAL_ANSWER');
    });
    request.on('response', (response) => this.#read(response));
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (!isCurrent() || this.#response !== null) return;
      const isStale = request.reusedSocket && STALE_CODES.has(error.code ?? '');
      if (!isStale || isSecondTry) {
        this.fail(codeOf(error));
        return;
      }
      try {
        this.#send(url, body, agent, lookup, true);
      } catch (thrown) {
        this.#failSoon(thrown);
      }
    });
    // Some ends come without an error, such as an answer that switches protocols.
    request.on('close', () => {
      if (isCurrent() && this.#response === null) this.fail('ECONNRESET');
    });
    request.end(body);
  }

  #written(): void {
    this.#isSent = true;
    if (this.#isWritten) return;
    this.#isWritten = true;
    this.#watcher.written();
  }

  #read(response: http.IncomingMessage): void {
    this.#response = response;
    let length = 0;
    response.on('data', (chunk: Buffer) => {
      if (this.#isOver) return;
      this.#answer.push(chunk);
      length += chunk.length;
      if (length >= MAX_ANSWER_BYTES) this.#answered(response);
    });
    response.on('end', () => this.#answered(response));
    // The status has arrived: what the target thinks of the event is known, even if the text of the answer is lost.
    response.on('error', () => this.#answered(response));
  }

  #answered({ statusCode: status = 0, headers }: http.IncomingMessage): void {
    const body = Buffer.concat(this.#answer).subarray(0, MAX_ANSWER_BYTES).toString();
    const retryAfterMs = askedPauseMs(headers, this.#options.clock.now());
    this.#end({ kind: 'answered', status, body, retryAfterMs, ms: this.#elapsedMs() });
  }

  /** `Send` must have returned before its watcher is called. */
  #failSoon(error: unknown): void {
    this.#options.clock.soon(() => this.fail(codeOf(error)));
  }

  #end(result: AttemptResult): void {
    const closeConnection = result.kind !== 'answered' || this.#response?.complete === false;
    if (this.callOff(closeConnection)) this.#watcher.ended(result);
  }

  #elapsedMs(): number {
    return Math.round(this.#options.clock.monotonic() - this.#startedAt);
  }
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'REQUEST_FAILED';
}

/** The bytes to be sent: those that were received, or what Discord's webhooks understand. */
function requestBody({ target, event, probe }: Attempt, options: NameLookup): Buffer {
  if (target.format === 'payload' || probe) return event.body;
  return Buffer.from(JSON.stringify(toDiscordMessage(readEvent(event), options)));
}

/** OpenSSL's verification errors as Node names them (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
const CERTIFICATE_CODE =
  /^(CERT_|CRL_|ERROR_IN_C|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)_|HOSTNAME_MISMATCH$|INVALID_(CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$)/;

/**
 * @returns whether a failure's code says that the target's certificate is not to be trusted: waiting does not mend it
 */
export const isCertificateCode = (code: string): boolean => CERTIFICATE_CODE.test(code);

/** How long an answer asks to be left alone, 1,000 to 600,000 milliseconds. Discord counts down in each answer. */
export function askedPauseMs(headers: http.IncomingHttpHeaders, now: number): number | null {
  const get = (name: string) => headers[name]?.toString() ?? null;
  return retryAfterMs({ get }, 'x-ratelimit-reset-after', now);
}

/** A target has one request under way; a non-responding one ten, a probe, and one that is being called off. */
const MAX_SOCKETS = 12;
/** Longer than any attempt: what is left open after it is not in use. */
const IDLE_MS = 65_000;
/** The engine gives up on all but the last of a name's addresses after 250 ms, too soon for a slow connection. */
const NEXT_ADDRESS_MS = 1_000;

/**
 * Keeps a connection to each target, over agents of our own: the global ones can be told by the environment to use a
 * proxy, or not to check certificates.
 */
class TargetAgents {
  readonly #agents = new Map<string, { readonly url: string; readonly agent: http.Agent }>();

  /** @returns the target's agent; a new one when its address has changed */
  of({ name, url }: Target): http.Agent {
    const kept = this.#agents.get(name);
    if (kept?.url === url) return kept.agent;
    // Requests under way over the old one end on their own; no new one takes its place.
    if (kept !== undefined) closeWhenIdle(kept.agent);
    const options = {
      keepAlive: true,
      maxSockets: MAX_SOCKETS,
      maxFreeSockets: 1,
      timeout: IDLE_MS,
      autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    };
    const isSecure = url.startsWith('https:');
    const agent = isSecure ? new https.Agent({ ...options, rejectUnauthorized: true }) : new http.Agent(options);
    this.#agents.set(name, { url, agent });
    return agent;
  }

  /** Closes all connections, also those in use. */
  close(): void {
    for (const { agent } of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }
}

function closeWhenIdle(agent: http.Agent): void {
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}
