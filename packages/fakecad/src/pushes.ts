import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Clock } from './clock.ts';
import type { Hub } from './hub/hub.ts';
import { applyEvent } from './world/apply-event.ts';
import { inKnownForm } from './world/identifiers.ts';
import type { ServerEntry, World } from './world/world.ts';

export interface PushOptions {
  /** The game server. The default is the first in the list. */
  readonly serverId?: number;
  /** The default is the session when there is one, else HTTP, as the CAD does. */
  readonly via?: 'session' | 'http' | 'both';
  /** Further fields of the envelope, such as `logKey`. */
  readonly beside?: Readonly<Record<string, unknown>>;
}

/** How an event was delivered. */
export type PushOutcome = 'session' | 'http' | 'both' | 'none';

/** An event that was sent. */
export interface Push {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly type: string;
  readonly serverId: number;
  readonly outcome: PushOutcome;
  /** The answer of the game server, or why there is none. Null over a session, which has no answers. */
  readonly answer: string | null;
}

export type Pushes = ReturnType<typeof createPushes>;

/** Types that the CAD sends only over a session, and without the key. */
const SESSION_ONLY = /^EVENT_FIVEM_CONFIGURATION(?:_MIGRATION)?$/;
const KEPT = 1000;
const MAX_ANSWER_LENGTH = 200;

/** Sends push events, and keeps the outcome of each. */
export function createPushes(apiKey: string, world: World, hub: Hub, clock: Clock) {
  const list: Push[] = [];
  return {
    /** The latest 1,000, the oldest first. */
    list: list as readonly Push[],
    /** Sends an event. @returns what came of it */
    async send(type: string, data: unknown, options: PushOptions = {}): Promise<Push> {
      const { serverId = world.servers[0]?.id ?? 1, via, beside = {} } = options;
      const at = clock.now();
      const known = inKnownForm(data, world.identifiers);
      const body = { ...beside, type, ...(known !== undefined && { data: known }) };
      const isSessionOnly = via === undefined && SESSION_ONLY.test(type);
      const overSession = via !== 'http' && hub.push(serverId, isSessionOnly ? body : { key: apiKey, ...body });
      let answer = overSession ? null : 'There is no session with the server.';
      let overHttp = false;
      if (via === 'http' || via === 'both' || (via === undefined && !overSession && !isSessionOnly)) {
        const server = world.servers.find(({ id }) => id === serverId);
        [overHttp, answer] = await pushOverHttp(server, body, apiKey);
      }
      const outcome = overSession ? (overHttp ? 'both' : 'session') : overHttp ? 'http' : 'none';
      const push: Push = { at, type, serverId, outcome, answer };
      list.push(push);
      if (list.length > KEPT) list.shift();
      return push;
    },
  };
}

/** @returns a line about an event that was sent, such as `EVENT_911 went over HTTP: 200 ok` */
export function describePush({ type, outcome, answer }: Push): string {
  const ways = { session: 'went over the session', http: 'went over HTTP', both: 'went over both ways' };
  const went = outcome === 'none' ? 'did not get through' : ways[outcome];
  return `${type} ${went}${answer === null ? '.' : `: ${answer}`}`;
}

const TIMEOUT_MS = 5000;

/**
 * Sends an event by HTTP to the address that the list of servers has. Unlike the CAD, it refuses addresses of other
 * machines.
 *
 * @returns whether it arrived, and the answer or the reason
 */
async function pushOverHttp(
  server: ServerEntry | undefined,
  body: Readonly<Record<string, unknown>>,
  key: string,
): Promise<[arrived: boolean, answer: string]> {
  const host = server?.mapIp ?? '';
  const port = Number(server?.listenerPort ?? '');
  if (host === '' || !Number.isInteger(port) || port < 1 || port > 65_535)
    return [false, 'The server has no address yet: nothing has registered it.'];
  if (!/^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host))
    return [false, `${host} is not on this machine, and the pretend CAD never leaves it.`];
  const url = new URL(
    `http://${host.includes(':') ? `[${host.replace(/[[\]]/g, '')}]` : host}:${port}/sonorancad/event`,
  );
  try {
    const headers = { 'Content-Type': 'application/json' };
    const asking = request(url, { method: 'POST', headers, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const [answer] = (await once(asking.end(JSON.stringify({ ...body, key })), 'response')) as [IncomingMessage];
    return [true, `${answer.statusCode} ${(await text(answer)).slice(0, MAX_ANSWER_LENGTH)}`];
  } catch (error) {
    return [false, `No answer from ${url.host}: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`];
  }
}

/** An event without the key: `type`, `data`, and further fields that some types have. */
export type EventBody = Readonly<Record<string, unknown>> & { readonly type: string };

/** Applies an event to `world`, and sends it. */
export function fireEvent(
  world: World,
  pushes: Pushes,
  { type, data, key: _, ...beside }: EventBody,
  options: Omit<PushOptions, 'beside'> = {},
): Promise<Push> {
  applyEvent(world, options.serverId ?? world.servers[0]?.id ?? 1, type, data);
  return pushes.send(type, data, { ...options, beside });
}
