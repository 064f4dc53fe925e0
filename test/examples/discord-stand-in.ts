import { createServer, type ServerResponse } from 'node:http';
import { messageFaults } from '../forward/targets/message-faults.ts';
import { openLocally } from '../local-server.ts';

/** An answer that is given instead of taking the message. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Until then, milliseconds from now, whatever comes is too early. */
  readonly quietMs?: number;
}

/** One webhook of Discord's, with the limits that Discord documents. */
export interface DiscordStandIn {
  /** The webhook's address as Discord shows it. */
  readonly url: string;
  /** What is in the channel, in its order. */
  readonly messages: { readonly title: string; readonly body: string }[];
  /** Messages that came while the webhook was to be left alone. */
  readonly early: number;
  /** Messages that came, taken or not. */
  readonly requests: number;
  /** What answers the next messages, one each. */
  readonly script: ScriptedAnswer[];
  /** What answers all messages that the script does not. */
  always: ScriptedAnswer | null;
  /** How many messages are taken in a row, and how long none is after that. */
  limit: { readonly messages: number; readonly windowMs: number };
  /** Whether an answer tells how much is left; Discord's do, those of what stands before it do not. */
  tellsWhatIsLeft: boolean;
  /** Keeps answers back until this is set to false. */
  hold: boolean;
  /** Whether somebody has deleted the webhook. */
  isGone: boolean;
  close(): Promise<void>;
}

export const TOKEN = 'a-Token_of-the-webhook';
const PATH = `/api/v10/webhooks/1234567890/${TOKEN}`;

/** Stands for Discord's webhook endpoint: https://docs.discord.com/developers/resources/webhook#execute-webhook */
export async function openDiscordStandIn(): Promise<DiscordStandIn> {
  let held: (() => void)[] = [];
  let isHolding = false;
  let quietUntil = 0;
  let taken = 0;
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
    answer(response, take(Buffer.concat(chunks).toString(), searchParams.get('wait') === 'true'));
  });

  /** @returns what Discord says to a message */
  function take(body: string, waits: boolean): ScriptedAnswer {
    const now = performance.now();
    if (now < quietUntil) {
      counts.early += 1;
      return limited((quietUntil - now) / 1_000);
    }
    const scripted = standIn.script.shift() ?? standIn.always;
    if (scripted !== null) {
      quietUntil = now + (scripted.quietMs ?? 0);
      return scripted;
    }
    if (taken === standIn.limit.messages) {
      taken = 0;
      quietUntil = now + standIn.limit.windowMs;
      return limited(standIn.limit.windowMs / 1_000);
    }
    const faults = messageFaults(body);
    if (faults.length > 0) return { status: 400, body: { message: faults.join(), code: 50035 } };
    taken += 1;
    const { embeds } = JSON.parse(body) as { embeds: [{ title: string }] };
    standIn.messages.push({ title: embeds[0].title, body });
    const headers: Record<string, string> = {};
    if (standIn.tellsWhatIsLeft) {
      headers['x-ratelimit-remaining'] = String(standIn.limit.messages - taken);
      headers['x-ratelimit-reset-after'] = String(standIn.limit.windowMs / 1_000);
      if (taken === standIn.limit.messages) {
        taken = 0;
        quietUntil = now + standIn.limit.windowMs;
      }
    }
    return waits ? { status: 200, headers, body: { id: String(standIn.messages.length) } } : { status: 204, headers };
  }

  const standIn: DiscordStandIn = {
    url: '',
    messages: [],
    script: [],
    always: null,
    limit: { messages: 5, windowMs: 100 },
    tellsWhatIsLeft: true,
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

const limited = (seconds: number): ScriptedAnswer => ({
  status: 429,
  headers: { 'retry-after': String(Math.ceil(seconds)), 'x-ratelimit-scope': 'user' },
  body: { message: 'You are being rate limited.', retry_after: seconds, global: false },
});

function answer(response: ServerResponse, { status, headers = {}, body }: ScriptedAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
