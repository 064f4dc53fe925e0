import * as dns from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Clock } from '../../platform/clock.ts';
import type { Attempt, AttemptResult, AttemptWatcher, Send } from '../delivery.ts';
import { refusedAddress } from '../targets/address-kinds.ts';
import type { CommunityTerms } from '../targets/describe-event.ts';
import { isCertificateCode } from './certificate-code.ts';
import { ADDRESS_REFUSED, createHostLookup, type SystemLookup } from './host-lookup.ts';
import { requestBody } from './request-body.ts';
import { requestHeaders } from './request-headers.ts';
import { retryAfterMs } from './retry-after.ts';
import { createTargetAgents } from './target-agents.ts';

export interface SendOptions extends CommunityTerms {
  /** The resource's, for the `User-Agent`. */
  readonly version: string;
  readonly clock: Clock;
  /** Stands in for `dns.lookup`. */
  readonly lookup?: SystemLookup;
}

/** Makes requests, and keeps the connections they are made over. */
export interface Wire {
  readonly send: Send;
  /** Closes every connection: attempts under way fail. */
  close(): void;
}

/** Nobody reads more: the answers that matter are a few words. */
const MAX_ANSWER_BYTES = 4 * 1024;
/** A connection that the target closed just as the request went out over it. */
const STALE_CODES: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/**
 * The wire over `node:http`, not `fetch`: fetch cannot tell whether a request went out, and has no say in where a name
 * leads. Redirects are answers like any other. Never sends to an address that `refusedAddress` refuses.
 */
export function createWire(options: SendOptions): Wire {
  const { clock, version } = options;
  const lookup = createHostLookup(options.lookup ?? dns.lookup, clock);
  const agents = createTargetAgents();

  function send(attempt: Attempt, deadlineMs: number, watcher: AttemptWatcher): () => void {
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
      if (!callOff(result.kind !== 'answered' || response?.complete === false)) return;
      watcher.ended(result);
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
      end({ kind: 'answered', status, body, retryAfterMs: retryAfterMs(status, headers, clock.now()), ms: elapsed() });
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
        lookup,
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
  }

  return { send, close: () => agents.close() };
}
