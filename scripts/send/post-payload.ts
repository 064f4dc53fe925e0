import { type Agent, request } from 'node:http';
import type { Payload } from './sample-payloads.ts';

/** What the listener said. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

const TIMEOUT_MS = 5000;

/**
 * POSTs a payload as the CAD does: JSON with the key in it, and a Content-Length.
 *
 * @param key replaces the payload's own
 * @throws an Error with a `code` when no answer came within 5 seconds
 */
export function postPayload(url: URL, payload: Payload, key: string, agent: Agent): Promise<Answer> {
  const body = Buffer.from(JSON.stringify({ ...payload.body, key }));
  const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length };
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const outgoing = request(url, { method: 'POST', headers, agent, signal }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
