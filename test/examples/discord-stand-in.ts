import { createServer, type ServerResponse } from 'node:http';
import { messageFaults } from '../forward/targets/message-faults.ts';
import { openLocally } from '../local-server.ts';

/** An answer that the stand-in gives instead of accepting a message. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Milliseconds during which every further message counts as too early. */
  readonly quietMs?: number;
}

/** A stand-in for one Discord webhook, with the limits that Discord documents. */
export interface DiscordStandIn {
  /** The webhook's address, in the form that Discord shows. */
  readonly url: string;
  /** The messages in the channel, in order. */
  readonly messages: { readonly title: string; readonly body: string }[];
  /** The number of messages that arrived during a rate limit. */
  readonly early: number;
  /** The number of messages that arrived, accepted or not. */
  readonly requests: number;
  /** Answers for the next messages, one for each message. */
  readonly script: ScriptedAnswer[];
  /** The answer for every message after the script, or null to accept messages. */
  always: ScriptedAnswer | null;
  /** The rate limit: so many messages are accepted, then none for the window. */
  limit: { readonly messages: number; readonly windowMs: number };
  /** Whether answers have rate limit headers. Discord's do; those of the proxy in front of Discord do not. */
  hasRateLimitHeaders: boolean;
  /** Delays all answers until this is set to false. */
  hold: boolean;
  /** Whether the webhook is deleted. */
  isGone: boolean;
  close(): Promise<void>;
}

export const TOKEN = 'a-Token_of-the-webhook';
const PATH = `/api/v10/webhooks/1234567890/${TOKEN}`;

/**
 * Starts a stand-in for Discord's webhook endpoint:
 * https://docs.discord.com/developers/resources/webhook#execute-webhook
 */
export async function openDiscordStandIn(): Promise<DiscordStandIn> {
  let held: (() => void)[] = [];
  let isHolding = false;
  let quietUntil = 0;
  let acceptedInWindow = 0;
  const counts = { early: 0, requests: 0 };

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://discord.example');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (pathname !== PATH || standIn.isGone)
      return answer(response, { status: 404, body: { message: 'Unknown Webhook', code: 10015 } });
    if (request.method === 'GET') return answer(response, { status: 200, body: { id: '1234567890', type: 1 } });
    counts.requests += 1;
    if (isHolding) await new Promise<void>((resolve) => held.push(resolve));
    answer(response, answerMessage(Buffer.concat(chunks).toString(), searchParams.get('wait') === 'true'));
  });

  /** Answers a message as Discord does. @param wantsMessage whether the answer contains the message (`?wait=true`) */
  function answerMessage(body: string, wantsMessage: boolean): ScriptedAnswer {
    const now = performance.now();
    if (now < quietUntil) {
      counts.early += 1;
      return createRateLimitAnswer((quietUntil - now) / 1_000);
    }
    const scripted = standIn.script.shift() ?? standIn.always;
    if (scripted !== null) {
      quietUntil = now + (scripted.quietMs ?? 0);
      return scripted;
    }
    if (acceptedInWindow === standIn.limit.messages) {
      acceptedInWindow = 0;
      quietUntil = now + standIn.limit.windowMs;
      return createRateLimitAnswer(standIn.limit.windowMs / 1_000);
    }
    const faults = messageFaults(body);
    if (faults.length > 0) return { status: 400, body: { message: faults.join(), code: 50035 } };
    acceptedInWindow += 1;
    const { embeds } = JSON.parse(body) as { embeds: [{ title: string }] };
    standIn.messages.push({ title: embeds[0].title, body });
    const headers: Record<string, string> = {};
    if (standIn.hasRateLimitHeaders) {
      headers['x-ratelimit-remaining'] = String(standIn.limit.messages - acceptedInWindow);
      headers['x-ratelimit-reset-after'] = String(standIn.limit.windowMs / 1_000);
      if (acceptedInWindow === standIn.limit.messages) {
        acceptedInWindow = 0;
        quietUntil = now + standIn.limit.windowMs;
      }
    }
    return wantsMessage
      ? { status: 200, headers, body: { id: String(standIn.messages.length) } }
      : { status: 204, headers };
  }

  const standIn: DiscordStandIn = {
    url: '',
    messages: [],
    script: [],
    always: null,
    limit: { messages: 5, windowMs: 100 },
    hasRateLimitHeaders: true,
    isGone: false,
    get early() {
      return counts.early;
    },
    get requests() {
      return counts.requests;
    },
    get hold() {
      return isHolding;
    },
    set hold(holds) {
      isHolding = holds;
      for (const resolve of held) resolve();
      held = [];
    },
    close: () => local.close(),
  };
  const local = await openLocally(server);
  return Object.defineProperty(standIn, 'url', { value: local.url + PATH.replace('/v10', '') });
}

const createRateLimitAnswer = (seconds: number): ScriptedAnswer => ({
  status: 429,
  headers: { 'retry-after': String(Math.ceil(seconds)), 'x-ratelimit-scope': 'user' },
  body: { message: 'You are being rate limited.', retry_after: seconds, global: false },
});

function answer(response: ServerResponse, { status, headers = {}, body }: ScriptedAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
