import type { Clock } from './clock.ts';
import type { Hub } from './hub/hub.ts';
import { pushOverHttp } from './push-over-http.ts';
import type { World } from './world/world.ts';

export interface PushOptions {
  /** The first in the list unless given. */
  readonly serverId?: number;
  /** Unless given: over the session when there is one, else by HTTP, as the CAD does. */
  readonly via?: 'session' | 'http' | 'both';
  /** What stands beside `type` and `data`, as `logKey` does. */
  readonly beside?: Readonly<Record<string, unknown>>;
}

/** The way or ways an event went. */
export type PushOutcome = 'session' | 'http' | 'both' | 'none';

/** An event that was sent. */
export interface Push {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly type: string;
  readonly serverId: number;
  readonly outcome: PushOutcome;
  /** What the game server answered, or why nobody got it; null over a session, which answers nothing. */
  readonly answer: string | null;
}

export type Pushes = ReturnType<typeof createPushes>;

interface PushesOptions {
  readonly apiKey: string;
  readonly world: World;
  readonly hub: Hub;
  readonly clock: Clock;
}

const KEPT = 1000;
const LONGEST_ANSWER = 200;

/** What sends push events, and remembers what came of them. */
export function createPushes({ apiKey, world, hub, clock }: PushesOptions) {
  const list: Push[] = [];
  return {
    /** The latest 1,000, the oldest first. */
    list: list as readonly Push[],
    /** Sends an event. @returns what came of it */
    async send(type: string, data: unknown, options: PushOptions = {}): Promise<Push> {
      const { serverId = world.servers[0]?.id ?? 1, via, beside = {} } = options;
      const at = clock.now();
      const body = { ...beside, type, ...(data !== undefined && { data }) };
      const overSession = via !== 'http' && hub.push(serverId, { key: apiKey, ...body });
      let answer = overSession ? null : 'There is no session with the server.';
      let overHttp = false;
      if (via === 'http' || via === 'both' || (via === undefined && !overSession)) {
        const server = world.servers.find(({ id }) => id === serverId);
        const result = await pushOverHttp(server, body, apiKey);
        overHttp = 'status' in result;
        answer = 'status' in result ? `${result.status} ${result.text.slice(0, LONGEST_ANSWER)}` : result.problem;
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
