import { type AddressInfo, connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startFakeCad } from '../../../packages/fakecad/src/index.ts';
import { CAD_KEY, startCad } from '../../../packages/fakecad/test/started-cads.ts';
import { startHttpTarget } from '../../http-target.ts';
import { KEY } from '../../serve-resource.ts';
import { until } from '../../until.ts';
import {
  addWitnesses,
  bodyOf,
  COMMUNITY,
  closeAfterwards,
  closeLinks,
  heard,
  type Linked,
  link,
  register,
  registered,
} from './set-up.ts';

afterEach(closeLinks);

const TONE = { url: 'https://cad.example/a.mp3', playTonesTo: [] };

/** A script that records the events of its subscription. */
const RECORDER = `
  let taken = [];
  const subscribe = () => exports.sonorancad.onPushEvent('*', (event) => taken.push(event));
  on('sonorancad:ready', subscribe);
  if (GetResourceState('sonorancad') === 'started') subscribe();
  exports('taken', () => taken);
`;

/** Starts a proxy in front of the CAD that counts open WebSockets. */
async function countSockets(url: string): Promise<{ url: string; opened: number; open: number }> {
  const count = { url: '', opened: 0, open: 0 };
  const proxy = createServer((socket) => {
    const { port, hostname } = new URL(url);
    const behind = connect(Number(port), hostname);
    socket.once('data', (head) => {
      if (!head.toString('latin1').includes('Upgrade: websocket')) return;
      count.opened += 1;
      count.open += 1;
      socket.once('close', () => {
        count.open -= 1;
      });
    });
    for (const [one, other] of [
      [socket, behind],
      [behind, socket],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  closeAfterwards(() => void proxy.close());
  count.url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return count;
}

interface Taken {
  readonly type: string;
  readonly source: string;
  readonly data: unknown;
}

async function linkWithRecorder(options: Parameters<typeof link>[0] = {}) {
  const linked = await link(options);
  register(linked);
  linked.served.add('recorder', RECORDER);
  linked.host.ensure('recorder');
  const taken = () => linked.host.callExport('recorder', 'taken') as Taken[];
  return { ...linked, taken };
}

describe('Push events', () => {
  it('over the session are all forwarded, even if they are equal', async () => {
    const bot = await startHttpTarget();
    closeAfterwards(bot.close);
    const pushEventForwardUrl = `http://127.0.0.1:${bot.port}/`;
    const linked = await linkWithRecorder({ config: { enablePushEventForwarding: true, pushEventForwardUrl } });
    await linked.start();
    const statuses = Array.from({ length: 60 }, (_, number) => 2 + (number % 2));
    for (const status of statuses) {
      expect(await linked.cad.push('EVENT_UNIT_STATUS', { identIds: [12], status })).toBe('session');
    }
    await until(() => bot.received.length >= 60);
    expect(bot.received.map(({ body }) => JSON.parse(String(body)).data.status)).toEqual(statuses);
  });

  it.each(['auto', 'websocket'])('arrive over the session and by HTTP with transport %s', async (transport) => {
    const { cad, start, taken } = await linkWithRecorder({ config: { transport } });
    await start();
    expect(await cad.push('EVENT_TONE', TONE)).toBe('session');
    await until(() => taken().length === 1);
    expect(await cad.push('EVENT_TONE', TONE, { via: 'http' })).toBe('http');
    await until(() => taken().length === 2);
    expect(taken().map(({ source }) => source)).toEqual(['websocket', 'http']);
  });

  it('arrive only by HTTP with transport http', async () => {
    const { cad, host, later, laterUntil, asked, taken } = await linkWithRecorder({ config: { transport: 'http' } });
    host.ensure('sonorancad');
    await laterUntil(() => asked(/\/calls$/).length > 0);
    await later(60_000);
    expect([cad.sessions.length, asked(/INVOKE/).length]).toEqual([0, 0]);
    expect(await cad.push('EVENT_TONE', TONE)).toBe('http');
    await until(() => taken().length === 1);
  });

  it('arrive by HTTP while the session is lost, and over the session again after it reopens', async () => {
    const { cad, start, session, laterUntil, printed, taken } = await linkWithRecorder();
    await start();
    cad.faults.refuseConnections = true;
    cad.dropSessions();
    await session('waiting');
    expect(printed()).toContain('The session with the CAD was lost; push events come in by HTTP until it is back.');
    expect(await cad.push('EVENT_TONE', TONE)).toBe('http');
    await until(() => taken().length === 1);
    cad.faults.refuseConnections = false;
    await laterUntil(() => cad.sessions.length === 1);
    expect(await cad.push('EVENT_TONE', TONE)).toBe('session');
    await until(() => taken().length === 2);
  });

  it('over the session are accepted as objects or text, with or without the key', async () => {
    const { cad, start, taken } = await linkWithRecorder();
    await start();
    await cad.push('EVENT_TONE', TONE);
    cad.faults.payloadAsText = true;
    await cad.push('EVENT_TONE', TONE);
    await cad.push('EVENT_TONE', TONE, { beside: { key: '' } });
    cad.faults.payloadAsText = false;
    await cad.push('EVENT_TONE', TONE, { beside: { key: null } });
    await until(() => taken().length >= 2);
    await until(() => taken().length === 4);
    for (const { type, source, data } of taken()) {
      expect([type, source]).toEqual(['EVENT_TONE', 'websocket']);
      expect(data).toMatchObject(TONE);
    }
  });

  it('over the session with a wrong key are refused, logged and counted', async () => {
    const { cad, host, start, printed, health, taken } = await linkWithRecorder();
    await start();
    await cad.push('EVENT_TONE', TONE, { beside: { key: 'another-key-altogether' } });
    await cad.push('EVENT_TONE', { ...TONE, url: 'https://cad.example/b.mp3' });
    await until(() => taken().length === 1);
    expect(taken()[0]?.data).toMatchObject({ url: 'https://cad.example/b.mp3' });
    expect((await health()).received.refusals).toEqual([{ reason: 'wrong-key', count: 1 }]);
    expect(printed()).toContain('sent an event with an API key that is not configured here');
    host.execute('sonorancad status');
    expect(printed()).toContain('received by WebSocket: 1, the last');
    expect(printed()).toContain('refused: 1 with a wrong key');
    expect(printed()).not.toContain('another-key-altogether');
  });

  it('are forwarded with the same body over both transports', async () => {
    const target = await startHttpTarget();
    closeAfterwards(() => target.close());
    const config = { enablePushEventForwarding: true, pushEventForwardUrl: `http://127.0.0.1:${target.port}/a` };
    const { cad, start } = await linkWithRecorder({ config });
    await start();
    await cad.push('EVENT_TONE', TONE);
    await target.count(1);
    cad.faults.payloadAsText = true;
    await cad.push('EVENT_TONE', TONE);
    await target.count(2);
    await cad.push('EVENT_TONE', TONE, { via: 'http' });
    await target.count(3);
    await cad.push('EVENT_TONE', TONE, { beside: { key: null } });
    await target.count(4);
    const bodies = target.received.map(({ body }) => JSON.parse(body.toString()));
    expect(bodies).toEqual(Array(4).fill({ key: KEY, type: 'EVENT_TONE', data: TONE }));
  });
});

describe('The session with the CAD', () => {
  it('does not open with a refused key, and the console says why', async () => {
    const { cad, host, session, laterUntil, printed } = await linkWithRecorder();
    cad.faults.refuseAuth = true;
    host.ensure('sonorancad');
    await session('waiting');
    expect(printed()).toContain(
      'The CAD refused the session: set communityID, apiKey and serverId as they are in the CAD.',
    );
    expect(printed()).toContain('Invalid community ID or API key.');
    await until(() => /\[error\].*API key/.test(printed().replace(/The CAD refused the session.*/, '')));
    expect(await cad.push('EVENT_TONE', TONE)).toBe('http');
    cad.faults.refuseAuth = false;
    await laterUntil(() => cad.sessions.length === 1, 10_000);
  });

  it('reopens after a reload with another CAD, community or server', async () => {
    const linked = await linkWithRecorder();
    const { cad, host, configure, start, session } = linked;
    const other = await startCad({ communityId: 'another', servers: [registered(host.port), { id: 2 }] });
    await start();
    configure({ apiUrl: other.url, communityID: 'another', apiKey: CAD_KEY });
    host.execute('sonorancad reload');
    await until(() => other.sessions.length === 1 && cad.sessions.length === 0);
    await session('open');
    configure({ apiUrl: other.url, communityID: 'another', apiKey: CAD_KEY, serverId: 2 });
    host.execute('sonorancad reload');
    await until(() => other.sessions.length === 1 && other.sessions[0]?.serverId === 2);
    configure({ transport: 'http' });
    host.execute('sonorancad reload');
    await until(() => other.sessions.length === 0);
    configure({ communityID: COMMUNITY });
    host.execute('sonorancad reload');
    await until(() => cad.sessions.length === 1);
  });

  it.each([
    ['open', {}],
    ['connecting', { mute: true }],
    ['waiting', { refuseAuth: true }],
  ] as const)('leaves no socket behind when the resource stops while the session is %s', async (state, faults) => {
    const linked = await link();
    const sockets = await countSockets(linked.cad.url);
    linked.configure({ apiUrl: sockets.url });
    register(linked);
    Object.assign(linked.cad.faults, faults);
    linked.host.ensure('sonorancad');
    await until(() => sockets.opened > 0);
    await linked.session(state);
    linked.host.stop('sonorancad');
    await until(() => sockets.open === 0);
    await linked.later(60_000);
    expect(sockets.open).toBe(0);
    expect(linked.printed()).not.toContain('Unhandled');
  });

  it('ends with the resource, which then delivers and requests nothing', async () => {
    const { cad, host, served, start, asked } = await linkWithRecorder();
    addWitnesses(served);
    await start();
    for (let time = 0; time < 20; time += 1) void cad.push('EVENT_TONE', TONE);
    host.stop('sonorancad');
    heard(host);
    const requests = asked(/./).length;
    await until(() => cad.sessions.length === 0);
    expect(await cad.push('EVENT_TONE', TONE, { via: 'session' })).toBe('none');
    host.emit('test:later', 600_000);
    const turn = Date.now();
    await until(() => Date.now() - turn > 150);
    expect(heard(host)).toEqual([]);
    expect(asked(/./)).toHaveLength(requests);
  });

  it('is left to the official resource while that runs, and opens when it stops', async () => {
    const linked = await link({ name: 'cad-events' });
    const { cad, host, served, session, laterUntil, asked } = linked;
    served.add('sonorancad', '');
    host.ensure('sonorancad');
    host.ensure('cad-events');
    await laterUntil(() => asked(/\/calls$/).length > 0);
    await linked.later(60_000);
    expect([cad.sessions.length, asked(/^PUT/).length, asked(/INVOKE/).length]).toEqual([0, 0, 0]);
    expect((await linked.health()).link.session.why).toContain('The official resource runs beside this one');
    host.stop('sonorancad');
    await session('open');
  });
});

it('with apiSendEnabled false, the resource sends no request and opens no session', async () => {
  const linked: Linked = await linkWithRecorder({ config: { apiSendEnabled: false } });
  const { cad, host, served } = linked;
  served.add('asker', `exports.sonorancad.call911('Ann', 'Pier', 'Fire', '', '', (...args) => print(args.join()));`);
  host.addPlayer();
  host.ensure('sonorancad');
  host.ensure('asker');
  await linked.later(60_000);
  await linked.later(120_000);
  host.execute('sonorancad doctor');
  await until(() => /checks found|Nothing is wrong/.test(linked.printed()));
  expect(cad.requests).toEqual([]);
  expect(await cad.push('EVENT_TONE', TONE)).toBe('http');
});

const LOGIN = {
  unit: {
    id: 12,
    accId: 'account-12',
    status: 2,
    isPanic: false,
    isDispatch: false,
    location: '',
    data: { apiIds: ['steam:1'] },
  },
};
const STATUS = { identIds: [12], status: 3 };

const unitOf = ({ host }: Linked) =>
  host.callExport('sonorancad', 'getUnit', 12) as { status: number } | null | undefined;

/** Posts an event over HTTP, and checks that it is answered, dispatched and applied. */
async function takesEvents(linked: Linked): Promise<void> {
  heard(linked.host);
  expect(await linked.served.post(bodyOf('EVENT_UNIT_LOGIN', LOGIN))).toEqual([200, 'ok']);
  expect(await linked.served.post(bodyOf('EVENT_UNIT_STATUS', STATUS))).toEqual([200, 'ok']);
  await until(() => unitOf(linked)?.status === 3);
  const all: string[] = [];
  await until(() => all.push(...heard(linked.host)) >= 0 && all.includes('push EVENT_UNIT_STATUS'));
  expect(all).toEqual(expect.arrayContaining(['UnitLogin', 'push EVENT_UNIT_LOGIN', 'UnitStatusUpdate']));
}

async function start(apiUrl?: string): Promise<Linked> {
  const linked = await link(apiUrl === undefined ? {} : { config: { apiUrl } });
  register(linked);
  addWitnesses(linked.served);
  linked.host.addPlayer();
  return linked;
}

it.each([
  ['hangs up on every request', { refuseConnections: true }],
  ['answers everything with 500', { next500: Number.POSITIVE_INFINITY }],
  ['answers everything with 429', { next429: { count: Number.POSITIVE_INFINITY } }],
  ['gives half answers', { halfAPage: 'hangUp' }],
  ['refuses the key', { refuseAuth: true }],
] as const)('while the CAD %s, events arrive by HTTP, and the session opens afterwards', async (_what, faults) => {
  const linked = await start();
  const { cad, host } = linked;
  Object.assign(cad.faults, faults);
  host.ensure('sonorancad');
  await linked.laterUntil(() => cad.requests.length > 2 || 'refuseConnections' in faults);
  for (let time = 0; time < 10; time += 1) await linked.later(5_000);
  await takesEvents(linked);
  cad.world.at(1).units = [{ ...LOGIN.unit, status: 4 }];
  Object.assign(cad.faults, {
    refuseConnections: false,
    next500: 0,
    next429: { count: 0 },
    halfAPage: 'off',
    refuseAuth: false,
  });
  await linked.laterUntil(() => cad.sessions.length === 1);
  await linked.laterUntil(() => unitOf(linked)?.status === 4);
  // The CAD opens the session a moment before the resource receives its answer.
  await linked.session('open');
  expect((await linked.health()).link.api.nextTryInMs).toBeNull();
  // Registration does not retry by itself after a 429.
  if ('next429' in faults) host.execute('sonorancad reload');
  await linked.laterUntil(() => linked.printed().includes('The CAD sends push events to'));
  expect(linked.printed().split('\n').length).toBeLessThan(20);
});

it("while nothing listens at the CAD's address, events arrive by HTTP, and the session opens when the CAD is back", async () => {
  const gone = await startFakeCad({ apiKey: KEY, communityId: COMMUNITY });
  await gone.close();
  const linked = await start(gone.url);
  linked.host.ensure('sonorancad');
  await linked.session('waiting');
  for (let time = 0; time < 10; time += 1) await linked.later(5_000);
  await takesEvents(linked);
  expect(linked.printed()).toContain(
    'No session with the CAD could be opened; push events come in by HTTP until there is one.',
  );
  const cad = await startFakeCad({
    ...{ port: Number(new URL(gone.url).port), apiKey: KEY, communityId: COMMUNITY },
    servers: [registered(linked.host.port)],
  });
  closeAfterwards(() => cad.close());
  cad.world.at(1).units = [{ ...LOGIN.unit, status: 4 }];
  await linked.laterUntil(() => cad.sessions.length === 1);
  await linked.laterUntil(() => unitOf(linked)?.status === 4);
});

it("an event is answered at once while the CAD's own answers are endless", async () => {
  const linked = await start();
  linked.cad.faults.slowMs = 20_000;
  linked.cad.faults.mute = true;
  linked.host.ensure('sonorancad');
  await until(() => linked.cad.requests.length > 0);
  await takesEvents(linked);
  linked.host.execute('sonorancad status');
  await until(() => linked.printed().includes('transport: Events come in by HTTP'));
  linked.host.stop('sonorancad');
  expect(linked.host.resourceState('sonorancad')).toBe('stopped');
});
