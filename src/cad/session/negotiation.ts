import { URL } from 'node:url';
import * as v from 'valibot';
import type { Clock } from '../../lib/clock.ts';
import { sendOnce } from '../../lib/http-request.ts';
import { isApiUrl } from '../settings.ts';

const DEADLINE_MS = 10_000;
const MAX_ANSWER_BYTES = 65_536;
const MAX_REDIRECTS = 3;

/** Text that is not empty; anything else counts as missing. */
const text = v.fallback(v.optional(v.pipe(v.string(), v.nonEmpty())), undefined);
const negotiation = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ url: text, accessToken: text, error: text, connectionToken: text, connectionId: text }),
);

/**
 * Finds the WebSocket address of a hub.
 *
 * @param hubUrl http or https
 * @param negotiates whether to negotiate the address and a connection id over HTTP, which hubs behind a load balancer
 *   require
 * @returns a ws or wss URL
 * @throws when the hub does not answer within 10 s, or names an address without encryption
 */
export async function findHub(hubUrl: string, negotiates: boolean, clock: Pick<Clock, 'after'>): Promise<string> {
  const address = negotiates ? await negotiate(hubUrl, clock) : hubUrl;
  requireEncryption(address);
  return address.replace(/^http/, 'ws');
}

/** Follows up to 3 redirects. @returns the WebSocket's address as an http or https URL */
async function negotiate(hubUrl: string, clock: Pick<Clock, 'after'>): Promise<string> {
  let url = new URL(hubUrl);
  let token: string | undefined;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const answer = await ask(url, token, clock);
    if (answer.url === undefined) {
      url.searchParams.set('id', answer.connectionToken ?? answer.connectionId ?? '');
      if (token !== undefined) url.searchParams.set('access_token', token);
      return url.href;
    }
    url = new URL(answer.url);
    token = answer.accessToken;
  }
  throw new Error('the hub redirected more than 3 times');
}

async function ask(hub: URL, token: string | undefined, clock: Pick<Clock, 'after'>) {
  const url = new URL(hub);
  url.pathname += '/negotiate';
  url.searchParams.set('negotiateVersion', '1');
  requireEncryption(url.href);
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const limits = { deadlineMs: DEADLINE_MS, maxAnswerBytes: MAX_ANSWER_BYTES };
  const response = await sendOnce({ url: url.href, method: 'POST', headers, ...limits }, clock).exchange;
  if (response.kind === 'tooLong') throw new Error('the answer to the negotiation is too long');
  if (response.kind === 'timeout') throw new Error('the hub did not answer the negotiation in time');
  if (response.kind === 'failed') throw new Error(`the hub cannot be reached (${response.code})`);
  if (response.status !== 200) throw new Error(`the hub answered ${response.status} to the negotiation`);
  const answer = v.safeParse(negotiation, response.body);
  if (!answer.success || answer.output.error !== undefined)
    throw new Error('the hub refused the negotiation, or its answer is invalid');
  return answer.output;
}

/**
 * Checks that the API key may be sent to an address that the hub named.
 *
 * @param url http, https, ws or wss
 * @throws when the address is neither encrypted nor on this machine
 */
function requireEncryption(url: string): void {
  if (!isApiUrl(url.replace(/^ws/, 'http'))) throw new Error('the hub named an address without encryption');
}
