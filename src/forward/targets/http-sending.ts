import * as http from 'node:http';
import * as https from 'node:https';
import type { NameLookup } from '../../events/catalogue/description.ts';
import { refusedAddress } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import { ADDRESS_REFUSED, HostLookup, type SystemLookup } from '../../lib/host-lookup.ts';
import { retryAfterMs } from '../../lib/http-request.ts';
import type { Attempt, AttemptResult, Send, Target } from '../delivery.ts';
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

export type HttpSending = ReturnType<typeof createHttpSending>;

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
export function createHttpSending(options: HttpSendingOptions) {
  const { clock, version } = options;
  const hosts = new HostLookup({
    clock,
    lookup: options.lookup,
    isRefused: (address) => refusedAddress(address) !== null,
  });
  const agents = new TargetAgents();

  const send: Send = (attempt, deadlineMs, watcher) => {
    const began = clock.monotonic();
    let over = false;
    let toldWritten = false;
    let requestSent = false;
    let request: http.ClientRequest | null = null;
    let response: http.IncomingMessage | null = null;
    const answer: Buffer[] = [];

    const stopWaiting = clock.after(deadlineMs, () => {
      if (response !== null) answered(response);
      else end({ kind: 'timeout', requestSent, ms: elapsed() });
    });

    function elapsed(): number {
      return Math.round(clock.monotonic() - began);
    }

    function end(result: AttemptResult): void {
      if (callOff(result.kind !== 'answered' || response?.complete === false)) watcher.ended(result);
    }

    /** @returns false when it was over already */
    function callOff(closeConnection: boolean): boolean {
      if (over) return false;
      over = true;
      stopWaiting();
      if (closeConnection) request?.destroy();
      return true;
    }

    function answered({ statusCode: status = 0, headers }: http.IncomingMessage): void {
      const body = Buffer.concat(answer).subarray(0, MAX_ANSWER_BYTES).toString();
      end({ kind: 'answered', status, body, retryAfterMs: askedPauseMs(headers, clock.now()), ms: elapsed() });
    }

    function failed(error: unknown): void {
      const { code } = error as { code?: unknown };
      const name = typeof code === 'string' ? code : 'REQUEST_FAILED';
      end({ kind: 'failed', code: name, certificate: isCertificateCode(name), ms: elapsed() });
    }

    function read(incoming: http.IncomingMessage): void {
      response = incoming;
      let length = 0;
      incoming.on('data', (chunk: Buffer) => {
        if (over) return;
        answer.push(chunk);
        length += chunk.length;
        if (length >= MAX_ANSWER_BYTES) answered(incoming);
      });
      incoming.on('end', () => answered(incoming));
      // The status has arrived: what the target thinks of the event is known, however its text got lost.
      incoming.on('error', () => answered(incoming));
    }

    function start(url: URL, body: Buffer, isSecondTry: boolean): void {
      const client = url.protocol === 'https:' ? https : http;
      const current = client.request(url, {
        method: 'POST',
        headers: requestHeaders(attempt, body, clock.now(), version),
        agent: agents.of(attempt.target),
        lookup: hosts.forRequests,
      });
      request = current;
      requestSent = false;
      current.on('finish', () => {
        if (over || current !== request) return;
        requestSent = true;
        if (toldWritten) return;
        toldWritten = true;
        watcher.written();
      });
      let interim = 0;
      current.on('information', () => {
        interim += 1;
        if (interim > MAX_INTERIM) failed({ code: 'NO_FINAL_ANSWER' });
      });
      current.on('response', read);
      current.on('error', (error: NodeJS.ErrnoException) => {
        if (over || current !== request || response !== null) return;
        const isStale = current.reusedSocket && STALE_CODES.has(error.code ?? '');
        if (isStale && !isSecondTry) attemptTo(() => start(url, body, true));
        else failed(error);
      });
      // Some ends come without an error, such as an answer that switches protocols.
      current.on('close', () => {
        if (current === request && response === null) failed({ code: 'ECONNRESET' });
      });
      current.end(body);
    }

    function attemptTo(act: () => void): void {
      try {
        act();
      } catch (error) {
        clock.soon(() => failed(error));
      }
    }

    const url = new URL(attempt.target.url);
    if (refusedAddress(url.hostname) !== null) clock.soon(() => failed({ code: ADDRESS_REFUSED }));
    else attemptTo(() => start(url, requestBody(attempt, options), false));
    return () => {
      callOff(true);
    };
  };

  return {
    send,
    /** Closes every connection: attempts under way fail. */
    close: () => agents.close(),
  };
}

/** The bytes to be sent: those that were received, or what Discord's webhooks understand. */
function requestBody({ target, event, probe }: Attempt, options: NameLookup): Buffer {
  if (target.format === 'payload' || probe) return event.body;
  return Buffer.from(JSON.stringify(toDiscordMessage(readEvent(event), options)));
}

/** OpenSSL's verification errors as Node names them (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
const CERTIFICATE_CODE =
  /^(CERT_|CRL_|ERROR_IN_C|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)_|HOSTNAME_MISMATCH$|INVALID_(CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$)/;

/** @returns whether a failure's code says that the target's certificate is not to be trusted: waiting does not mend it */
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
 * Keeps a connection to each target, over agents of our own: the global ones can be told by the environment to use a proxy, or not to
 * check certificates.
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
