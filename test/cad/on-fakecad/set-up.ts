import { setTimeout as sleep } from 'node:timers/promises';
import { type FakeCad, type FakeCadOptions, unregisteredServer } from '../../../packages/fakecad/src/index.ts';
import { closeCads, startCad } from '../../../packages/fakecad/test/started-cads.ts';
import type { FxHost } from '../../../packages/fxhost/src/index.ts';
import { manifest, printedBy } from '../../../packages/fxhost/test/write-resource.ts';
import type { LinkStatus } from '../../../src/cad/cad-link.ts';
import type { SessionStatus } from '../../../src/cad/session/session.ts';
import type { TrafficReport } from '../../../src/events/traffic.ts';
import { createMovableClock } from '../../movable-time.ts';
import { eventNames } from '../../official-events.ts';
import { KEY, type ServedResource, type ServeOptions, serveResource } from '../../serve-resource.ts';
import { until } from '../../until.ts';

export const COMMUNITY = 'mycommunity';
const HEALTH_TOKEN = 'a-token-for-health';

/** The answer of `GET /health` to a request with the token. */
export interface Health {
  readonly link: LinkStatus;
  readonly received: TrafficReport;
}

/** A game server with the built resource, connected to a fake CAD. */
export interface Linked {
  readonly cad: FakeCad;
  readonly host: FxHost;
  readonly served: ServedResource;
  /** Writes config.json with the settings of all tests and the given ones. */
  configure(values?: object): void;
  health(): Promise<Health>;
  /** Waits until no request to the CAD is in flight, then advances the clocks of the resource and the CAD. */
  later(milliseconds: number): Promise<void>;
  /** Advances time in steps until a condition holds. */
  laterUntil(reached: () => boolean, stepMs?: number): Promise<void>;
  /** Advances time until units and calls have been requested again and the answers are applied. */
  reconciled(): Promise<void>;
  /** Starts the resource, and waits until its session is open and the first lists of units and calls are applied. */
  start(): Promise<void>;
  /** Waits in real time until the session has the given state. */
  session(state: SessionStatus['state']): Promise<void>;
  /** Returns the console output of the resource. */
  printed(): string;
  /** Returns the requests and hub calls that the CAD received, by method and path. */
  asked(pattern: RegExp): FakeCad['requests'];
}

export interface LinkOptions extends ServeOptions {
  readonly cad?: Partial<FakeCadOptions>;
  /** Another linked server, whose CAD is used instead of a new one. */
  readonly beside?: Linked;
}

const closing: (() => Promise<void> | void)[] = [];

/** Registers a function that runs after the test, before the servers and CADs are closed. */
export function closeAfterwards(close: () => Promise<void> | void): void {
  closing.push(close);
}

export async function closeLinks(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
  await closeCads();
}

/**
 * Starts a fake CAD and a game server with the resource, which is configured and not started. {@link closeLinks} ends
 * both.
 */
export async function link({
  cad: cadOptions = {},
  beside,
  config = {},
  ...options
}: LinkOptions = {}): Promise<Linked> {
  const clock = createMovableClock();
  const cad = beside?.cad ?? (await startCad({ apiKey: KEY, communityId: COMMUNITY, clock, ...cadOptions }));
  const whole = (values: object) => ({
    ...{ apiSendEnabled: true, apiUrl: cad.url, communityID: COMMUNITY, serverId: 1 },
    ...{ publicHost: '127.0.0.1', addressServices: [], healthToken: HEALTH_TOKEN, ...values },
  });
  const served = await serveResource({ ...options, movableTime: true, config: whole(config) });
  closing.push(served.close);
  const { host } = served;
  const name = options.name ?? 'sonorancad';

  async function health(): Promise<Health> {
    const headers = { authorization: `Bearer ${HEALTH_TOKEN}` };
    const { body } = await host.request(name, { path: '/health', headers });
    return JSON.parse(body.toString());
  }

  async function idle(): Promise<void> {
    await until(async () => {
      if (host.resourceState(name) !== 'started') return true;
      const { api, session } = (await health()).link;
      return api.underWay === 0 && session.state !== 'connecting';
    });
  }

  const questions = [/^GET .*\/units$/, /^GET .*\/calls$/];
  const linked: Linked = {
    ...{ cad, host, served, health },
    configure: (values = {}) => served.configure(whole({ ...config, ...values })),
    async later(milliseconds) {
      await idle();
      clock.later(milliseconds);
      served.later(milliseconds);
      // Let timers that are due in the resource run first.
      await sleep(3);
    },
    async laterUntil(reached, stepMs = 5_000) {
      await until(async () => {
        if (reached()) return true;
        await linked.later(stepMs);
        return false;
      });
    },
    async reconciled() {
      const before = questions.map((question) => linked.asked(question).length);
      await linked.laterUntil(() =>
        questions.every((each, index) => linked.asked(each).length > Number(before[index])),
      );
      await idle();
    },
    async start() {
      host.ensure(name);
      await linked.session('open');
      await linked.laterUntil(() => questions.every((each) => linked.asked(each).length > 0));
      await idle();
    },
    async session(state) {
      await until(async () => (await health()).link.session.state === state);
    },
    printed: () => printedBy(host, name).join('\n'),
    asked: (pattern) => cad.requests.filter(({ method, path }) => pattern.test(`${method} ${path}`)),
  };
  return linked;
}

/** Creates this server's entry in the CAD's list after an earlier registration. */
export const registered = (port: number) => ({
  ...unregisteredServer(1),
  mapIp: '127.0.0.1',
  listenerPort: String(port),
});

/** Adds the server to the CAD's list, like an earlier registration. */
export function register({ cad, host }: Linked): void {
  cad.world.servers = [registered(host.port)];
}

/** One event at a witness: the end of its name, and its first argument if that is text or a number. */
export type Testimony = string;

const NAMES = JSON.stringify(eventNames);

const JS = `
  let heard = [];
  const say = (name, first) =>
    heard.push(name.replace(/^.*::?/, '') + (['string', 'number'].includes(typeof first) ? ' ' + first : ''));
  for (const name of ${NAMES}) on(name, (first) => say(name, first));
  on('sonorancad:pushEvent', ({ type }) => say('push', type));
  exports('heard', () => heard.splice(0));
`;

const LUA = `
local heard = {}
local function say(name, first)
    local plain = type(first) == 'string' or math.type(first) == 'integer'
    heard[#heard + 1] = name:match('[^:]*$') .. (plain and ' ' .. first or '')
end
for _, name in ipairs(json.decode('${NAMES}')) do AddEventHandler(name, function(first) say(name, first) end) end
AddEventHandler('sonorancad:pushEvent', function(event) say('push', event.type) end)
exports('heard', function()
    local all = heard
    heard = {}
    return all
end)
`;

/** Adds and starts resources in JavaScript and Lua that listen to all events of the official resource. */
export function addWitnesses({ add, host }: ServedResource): void {
  add('js-witness', JS);
  add('lua-witness', { 'fxmanifest.lua': manifest("server_script 'server.lua'"), 'server.lua': LUA });
  host.ensure('js-witness');
  host.ensure('lua-witness');
}

/** Returns the events since the previous call. @throws when the JavaScript and the Lua resource differ */
export function heard(host: FxHost): Testimony[] {
  const take = (name: string) => host.callExport(name, 'heard') as Testimony[];
  const [js, lua] = [take('js-witness'), take('lua-witness')];
  if (js.join() !== lua.join()) throw new Error(`heard in JavaScript: ${js}; in Lua: ${lua}`);
  return js;
}

/** Creates the body of an event like the CAD's POST. */
export const bodyOf = (type: string, data: unknown) => JSON.stringify({ key: KEY, type, data });
