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

/** What `GET /health` says to who has the token. */
export interface Health {
  readonly link: LinkStatus;
  readonly received: TrafficReport;
}

/** The built resource on a server, and the CAD that it is configured for. */
export interface Linked {
  readonly cad: FakeCad;
  readonly host: FxHost;
  readonly served: ServedResource;
  /** Writes config.json: what every test needs, and these values. */
  configure(values?: object): void;
  health(): Promise<Health>;
  /** Waits until nothing is being asked of the CAD, then moves the time of both. */
  later(milliseconds: number): Promise<void>;
  /** Lets time pass, some seconds at a time, until something has come about. */
  laterUntil(reached: () => boolean, stepMs?: number): Promise<void>;
  /** Lets time pass until units and calls were asked for once more, and the answers are taken. */
  reconciled(): Promise<void>;
  /** Starts the resource, and waits for its session and for the first answers about units and calls. */
  start(): Promise<void>;
  /** Waits until the session stands so, while no time passes but the real one. */
  session(state: SessionStatus['state']): Promise<void>;
  /** What the resource has printed. */
  printed(): string;
  /** The requests and invocations that the CAD got, without those of the page. */
  asked(pattern: RegExp): FakeCad['requests'];
}

export interface LinkOptions extends ServeOptions {
  readonly cad?: Partial<FakeCadOptions>;
  /** Joins the CAD that another server is linked with. */
  readonly beside?: Linked;
}

const closing: (() => Promise<void> | void)[] = [];

/** To be closed after the test, before the servers and CADs. */
export function closeAfterwards(close: () => Promise<void> | void): void {
  closing.push(close);
}

export async function closeLinks(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
  await closeCads();
}

/** A CAD and a server with the resource, which is known to it and not yet started. {@link closeLinks} ends both. */
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
      // What has become due in the resource comes first.
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

/** This server's entry in the CAD's list, as it is when it was registered before. */
export const registered = (port: number) => ({
  ...unregisteredServer(1),
  mapIp: '127.0.0.1',
  listenerPort: String(port),
});

/** Gives the CAD the address of the server, as if it had been registered before. */
export function register({ cad, host }: Linked): void {
  cad.world.servers = [registered(host.port)];
}

/** What a witness heard: the event's name without what all have in common, and its first argument where it is plain. */
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

/** Adds and starts a resource in JavaScript and one in Lua that hear whatever the official resource's scripts hear. */
export function addWitnesses({ add, host }: ServedResource): void {
  add('js-witness', JS);
  add('lua-witness', { 'fxmanifest.lua': manifest("server_script 'server.lua'"), 'server.lua': LUA });
  host.ensure('js-witness');
  host.ensure('lua-witness');
}

/** Takes what was heard since the last time. @throws when the two do not agree */
export function heard(host: FxHost): Testimony[] {
  const take = (name: string) => host.callExport(name, 'heard') as Testimony[];
  const [js, lua] = [take('js-witness'), take('lua-witness')];
  if (js.join() !== lua.join()) throw new Error(`heard in JavaScript: ${js}; in Lua: ${lua}`);
  return js;
}

/** The body of an event as the CAD posts it. */
export const bodyOf = (type: string, data: unknown) => JSON.stringify({ key: KEY, type, data });
