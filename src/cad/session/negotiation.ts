import { URL } from 'node:url';
import * as v from 'valibot';
import type { Clock } from '../../lib/clock.ts';
import { sendOnce } from '../../lib/http-request.ts';
import { isApiUrl } from '../settings.ts';

const DEADLINE_MS = 10_000;
const MAX_ANSWER_BYTES = 65_536;
const MAX_REDIRECTS = 3;

/** What is no text with something in it counts as not there. */
const text = v.fallback(v.optional(v.pipe(v.string(), v.nonEmpty())), undefined);
const negotiation = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ url: text, accessToken: text, error: text, connectionToken: text, connectionId: text }),
);

/**
 * Finds where the WebSocket of a hub is to be opened.
 *
 * @param hubUrl http or https
 * @param negotiates whether the hub is asked over HTTP where and by what name, as hubs want it that stand behind several machines
 * @returns an address with ws or wss
 * @throws when the hub does not say within 10 s, or the address is one to which no key may be sent
 */
export async function findHub(hubUrl: string, negotiates: boolean, clock: Pick<Clock, 'after'>): Promise<string> {
  const address = negotiates ? await negotiate(hubUrl, clock) : hubUrl;
  demandEncryption(address);
  return address.replace(/^http/, 'ws');
}

/** @returns the address of the WebSocket, still http or https */
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
  throw new Error('the hub sends us from one address to the next');
}

async function ask(hub: URL, token: string | undefined, clock: Pick<Clock, 'after'>) {
  const url = new URL(hub);
  url.pathname += '/negotiate';
  url.searchParams.set('negotiateVersion', '1');
  demandEncryption(url.href);
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const limits = { deadlineMs: DEADLINE_MS, maxAnswerBytes: MAX_ANSWER_BYTES };
  const response = await sendOnce({ url: url.href, method: 'POST', headers, ...limits }, clock).exchange;
  if (response.kind === 'tooLong') throw new Error('the answer to the negotiation is too long');
  if (response.kind === 'timeout') throw new Error('the hub did not answer the negotiation in time');
  if (response.kind === 'failed') throw new Error(`the hub cannot be reached (${response.code})`);
  if (response.status !== 200) throw new Error(`the hub answered ${response.status} to the negotiation`);
  const answer = v.safeParse(negotiation, response.body);
  if (!answer.success || answer.output.error !== undefined) throw new Error('the hub would not negotiate');
  return answer.output;
}

/**
 * A negotiating hub names the address to connect to, and whatever is connected to is told the key.
 *
 * @param url may be one of a WebSocket already, as the hub names it
 * @throws when it is neither encrypted nor on this machine
 */
function demandEncryption(url: string): void {
  if (!isApiUrl(url.replace(/^ws/, 'http'))) throw new Error('the hub named an address without encryption');
}
