import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { URL } from 'node:url';
import type { Clock } from '../platform/clock.ts';

export type HttpOutcome =
  | { readonly answered: true; readonly status: number; readonly text: string }
  | { readonly answered: false; readonly reason: string };

export interface HttpQuestion {
  readonly url: string;
  /** Sent by POST; without one the request is a GET. */
  readonly body?: string;
}

export type AskHttp = (question: HttpQuestion) => Promise<HttpOutcome>;

const DEADLINE_MS = 5_000;
const MAX_ANSWER_BYTES = 2 * 1024 * 1024;

/** @returns a way to make one request, which ends after 5 s and never rejects */
export function createAskHttp(clock: Pick<Clock, 'after'>): AskHttp {
  return ({ url, body }) =>
    new Promise((resolve) => {
      // The address is what somebody typed into the CAD.
      if (!URL.canParse(url)) {
        resolve({ answered: false, reason: 'no address that can be called' });
        return;
      }
      const send = new URL(url).protocol === 'https:' ? requestHttps : requestHttp;
      const headers =
        body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
      const request = send(url, { method: body === undefined ? 'GET' : 'POST', headers, agent: false });
      const cancel = clock.after(DEADLINE_MS, () => request.destroy(new Error('no answer in 5 s')));
      const fail = ({ code, message }: { code?: string; message?: string }) => {
        cancel();
        resolve({ answered: false, reason: String(code ?? message) });
      };
      request.on('error', fail);
      request.on('response', (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (size > MAX_ANSWER_BYTES) request.destroy(new Error('an answer beyond 2 MiB'));
          else parts.push(part);
        });
        response.on('error', fail);
        response.on('end', () => {
          cancel();
          resolve({ answered: true, status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() });
        });
      });
      request.end(body);
    });
}
